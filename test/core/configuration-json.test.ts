import { parseConfigurationJson, pemMembers } from '@software-statement/core'
import { describe, expect, test } from 'vitest'

const parse = (text: unknown) => parseConfigurationJson(text, 'the file', { stringBytes: 15, multilineMembers: pemMembers })
const members = (count: number) => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, 0])))
const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`

describe('a configuration', () => {
  test.each<[string, unknown]>([
    ['as text', '{"a":"b"}'],
    ['as bytes', Buffer.from('{"a":"b"}')],
    ['as a buffer', Uint8Array.from(Buffer.from('{"a":"b"}')).buffer],
  ])('is read %s', (_, text) => {
    expect(parse(text)).toEqual({ a: 'b' })
  })

  test.each([...pemMembers])('may have line breaks in %s', (member) => {
    expect(parse(JSON.stringify({ [member]: ['a\nb'] }))).toEqual({ [member]: ['a\nb'] })
  })

  test('may be larger than a request, to a limit', () => {
    expect(Object.keys(parse(members(100_000)))).toHaveLength(100_000)
    expect(parse(JSON.stringify({ a: Array(100_000).fill(0) }))).toHaveProperty('a')
    expect(parse(nested(16))).toHaveProperty('a')
    expect(parse(JSON.stringify({ a: '\u20ac'.repeat(5) }))).toHaveProperty('a')
  })

  test.each<[string, unknown]>([
    ['the file must be text or bytes', { a: 1 }],
    ['the file must be text or bytes', undefined],
    ['the file: not a JSON document', '{a:1}'],
    ['the file: not valid UTF-8', Uint8Array.of(0xff)],
    ['the file: duplicate member name', '{"a":1,"a":1}'],
    ['the file: a text holds a control character', '{"a":"b\\nc"}'],
    ['the file: a text is too long', JSON.stringify({ a: '\u20ac'.repeat(6) })],
    ['the file: more than 100000 members', members(100_001)],
    ['the file: more than 100000 array items', JSON.stringify({ a: Array(100_001).fill(0) })],
    ['the file: nested deeper than 16 levels', nested(17)],
  ])('is refused: %s', (message, text) => {
    expect(() => parse(text)).toThrow(TypeError)
    expect(() => parse(text)).toThrow(message)
  })
})
