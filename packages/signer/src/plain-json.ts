import { isPlainObject } from '@software-statement/core'

/** A value copied as plain JSON data, or why it is none. */
export type PlainCopy =
  | { readonly value: unknown; readonly fault?: undefined }
  | { readonly fault: string; readonly code: 'ERR_METADATA_TYPE' | 'ERR_METADATA_VALUE' }

/**
 * Copies what JSON can hold. `undefined` is absence, and as a member of an object gets left out; whatever else `JSON.stringify` would
 * leave out or change is a fault: functions, symbols, NaN, big integers, holes in arrays, instances of classes. The fault completes the
 * sentence "the member ...".
 *
 * @param depth how deep a value may be before the walk gives up
 */
export function copyPlain(read: () => unknown, depth: number): PlainCopy {
  try {
    return { value: copyValue(read(), [], depth) }
  } catch (fault) {
    if (!(fault instanceof NotPlain)) return { fault: 'cannot be read', code: 'ERR_METADATA_TYPE' }
    return { fault: fault.message, code: fault.code }
  }
}

class NotPlain extends Error {
  constructor(
    message: string,
    readonly code: 'ERR_METADATA_TYPE' | 'ERR_METADATA_VALUE' = 'ERR_METADATA_TYPE',
  ) {
    super(message)
  }
}

function copyValue(value: unknown, above: readonly object[], depth: number): unknown {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new NotPlain('is a number that JSON does not have')
  }
  if (typeof value !== 'object') throw new NotPlain(`is a ${typeof value}, which JSON does not have`)
  if (above.includes(value)) throw new NotPlain('contains itself')
  if (above.length >= depth) throw new NotPlain(`is nested deeper than ${depth} levels`, 'ERR_METADATA_VALUE')
  const here = [...above, value]
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => copyItem(item, here, depth))
  if (!isPlainObject(value)) throw new NotPlain('is an instance of a class, such as Map or Date, not plain data')
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotPlain('has a symbol for a name, which JSON does not have')
  const members = Object.entries(value).map(([name, inner]) => [name, copyValue(inner, here, depth)] as const)
  return Object.fromEntries(members.filter(([, inner]) => inner !== undefined))
}

/** In an array `undefined` would become null, and so would a hole. */
function copyItem(item: unknown, above: readonly object[], depth: number): unknown {
  if (item === undefined) throw new NotPlain('has an array item that is undefined')
  return copyValue(item, above, depth)
}
