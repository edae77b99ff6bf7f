/** Texts that are UTF-8 on the wire, and bytes that need not be. */
export type Piece = string | Uint8Array

export const bytesOfPiece = (...pieces: readonly Piece[]): Buffer => Buffer.concat(pieces.map((piece) => Buffer.from(piece)))

/** A piece as the name of a test: short, and in ASCII. */
export function nameOfPiece(piece: Piece): string {
  const text = typeof piece === 'string' ? JSON.stringify(piece) : `the bytes ${Buffer.from(piece).toString('hex')}`
  const ascii = text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return ascii.length <= 60 ? ascii : `${ascii.slice(0, 50)}... of ${text.length}`
}

/** Pieces of ASCII as they stand there, parted by ¦. */
export function list({ raw: [text = ''] }: TemplateStringsArray): readonly string[] {
  return text.trim().split(/\s+¦\s+/)
}
