import { bytesOf, decodeBase64url, encodeBase64, encodeBase64url } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('base64url', () => {
  test('bytes survive encoding and decoding, as the Buffer of Node writes them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(bytes)
      }),
    )
  })

  test('every text that is decoded is the only spelling of its bytes', () => {
    const unit = fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...alphabet) }, fc.constantFrom(...'+/= .\n\u0141\u00e9'))
    const text = fc.string({ unit, maxLength: 9 })
    fc.assert(
      fc.property(text, (given) => {
        const bytes = decodeBase64url(given)
        if (bytes !== undefined) expect(encodeBase64url(bytes)).toBe(given)
        else expect(Buffer.from(given, 'base64url').toString('base64url')).not.toBe(given)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['spare bits after two characters', 'AB'],
    ['spare bits after three characters', 'AAB'],
    ['spare bits after whole groups', 'AAAAAAAAAB'],
    ['one character', 'A'],
    ['five characters', 'AAAAA'],
    ['padding', 'AA=='],
    ['padding of one', 'AAA='],
    ['plus and slash', 'AA+/'],
    ['a space', 'AA A'],
    ['a line break', 'AAA\n'],
    ['a leading tab', '\tAAA'],
    ['a full stop', 'AA.A'],
    ['a letter beyond ASCII', 'AA\u0141A'],
    ['a letter beyond ASCII at the end', 'A\u00e9'],
    ['a character that is ASCII in its low byte', 'AAA\u0141'],
    ['an emoji', '\ud83d\ude00AA'],
    ['NUL', 'AAA\u0000'],
  ])('%s is refused', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })

  test('nothing is no bytes', () => {
    expect(decodeBase64url('')).toEqual(new Uint8Array())
  })
})

describe('bytes of any kind', () => {
  const { buffer } = Uint8Array.of(1, 2, 3, 4)
  test.each<[what: string, given: unknown, read: readonly number[] | undefined]>([
    ['a Uint8Array', Uint8Array.of(1, 2), [1, 2]],
    ['a Uint8Array with an offset', new Uint8Array(buffer, 1, 2), [2, 3]],
    ['a Buffer with an offset', Buffer.from(buffer, 2), [3, 4]],
    ['a DataView with an offset', new DataView(buffer, 3), [4]],
    ['wider numbers', Uint16Array.of(0x0201), [1, 2]],
    ['an ArrayBuffer', buffer, [1, 2, 3, 4]],
    ['an empty ArrayBuffer', new ArrayBuffer(0), []],
    ['a text', 'ab', undefined],
    ['an array', [1, 2], undefined],
    ['nothing', undefined, undefined],
    ['what looks like bytes', { byteLength: 2, length: 2, 0: 1, 1: 2 }, undefined],
  ])('%s', (_, given, read) => {
    const found = bytesOf(given)
    expect(found && [...found]).toEqual(read)
    // Callers in JavaScript pass what they like.
    const encode = () => encodeBase64url(given as Uint8Array)
    if (read === undefined) expect(encode).toThrow(TypeError)
    else expect(encode()).toBe(Buffer.from(read).toString('base64url'))
  })
})

describe('base64', () => {
  test('bytes are written as the Buffer of Node writes them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      }),
    )
    expect(encodeBase64(Uint8Array.of(0xfb, 0xff, 0xbf, 0xff))).toBe('+/+//w==')
  })

  test.each(['text', 7, null])('%j is not bytes', (value) => {
    expect(() => encodeBase64(value as unknown as Uint8Array)).toThrow('only bytes can be encoded as base64url')
  })
})
