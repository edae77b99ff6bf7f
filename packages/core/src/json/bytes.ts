/**
 * The bytes of a `Uint8Array`, `Buffer` or other view, with its offset and length, or of an `ArrayBuffer`, of whatever realm;
 * `undefined` for what holds no bytes.
 *
 * @example
 * ```ts
 * bytesOf(new DataView(Uint8Array.of(1, 2, 3).buffer, 1)) // Uint8Array [ 2, 3 ]
 * bytesOf('text') // undefined
 * ```
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return isBuffer(value) ? new Uint8Array(value) : undefined
}

function isBuffer(value: unknown): value is ArrayBuffer {
  return /^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value))
}
