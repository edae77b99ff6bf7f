import { decodeUtf8, defaultLimits, parseStrictJson, utf8Length } from '@software-statement/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../support/outcomes.js'

const parse = (text: string) => parseStrictJson(text, defaultLimits)
const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
const members = (count: number) => `{${Array.from({ length: count }, (_, index) => `"m${index}":0`).join(',')}}`

describe('members that may have line breaks', () => {
  const multilineMembers = new Set(['anchors'])
  test.each([
    ['a text of one', '{"anchors":"a\\r\\nb"}', 'accepted'],
    ['a text in an array of one', '{"anchors":["a\\nb"]}', 'accepted'],
    ['a text of an object in it', '{"anchors":[{"file":"a\\nb"}]}', 'value'],
    ['a text of another one', '{"anchor":"a\\nb"}', 'value'],
    ['the name of one', '{"anchors\\n":"a"}', 'value'],
    ['another control character', '{"anchors":"a\\u0000b"}', 'value'],
    ['a lone surrogate', '{"anchors":"a\\n\\ud800"}', 'value'],
  ])('%s: %s: %s', (_, text, expected) => {
    expect(outcomeOf(() => parseStrictJson(text, defaultLimits, { multilineMembers }))).toBe(expected)
  })
})

describe('documents that are refused', () => {
  test.each([
    ['nothing', '', 'syntax'],
    ['no JSON', '{a:1}', 'syntax'],
    ['a comment', '{"a":1/* */}', 'syntax'],
    ['a trailing comma', '{"a":1,}', 'syntax'],
    ['two documents', '{}{}', 'syntax'],
    ['a byte order mark', '\ufeff{}', 'syntax'],
    ['a raw line break in a text', '{"a":"\n"}', 'syntax'],
    ['NaN', '{"a":NaN}', 'syntax'],
    ['an array', '[{}]', 'syntax'],
    ['null', 'null', 'syntax'],
    ['a text', '"{}"', 'syntax'],
    ['a number', '1', 'syntax'],
    ['a member twice', '{"a":1,"a":1}', 'duplicate'],
    ['a member twice, once escaped', '{"alg":"RS256","\\u0061lg":"none"}', 'duplicate'],
    ['a member twice, escaped in two ways', '{"\\u0061b":1,"a\\u0062":2}', 'duplicate'],
    ['a quote as name, twice', '{"\\"":1,"\\u0022":2}', 'duplicate'],
    ['a backslash as name, twice', '{"\\\\":1,"\\u005c":2}', 'duplicate'],
    ['a member twice in an inner object', '{"jwks":{"keys":[{"kty":"EC","kty":"RSA"}]}}', 'duplicate'],
    ['a member twice beside texts full of colons', '{"a":"\\":\\":","a":"::::"}', 'duplicate'],
    ['an empty name twice', '{"":1,"":2}', 'duplicate'],
    ['__proto__', '{"__proto__":{"approved":true}}', 'name'],
    ['__proto__, escaped', '{"__pr\\u006fto__":1}', 'name'],
    ['constructor at depth', '{"a":[{"b":{"constructor":1}}]}', 'name'],
    ['prototype in an array', '{"a":[[{"prototype":1}]]}', 'name'],
    ['a lone high surrogate', '{"a":"\\ud800"}', 'value'],
    ['a lone low surrogate', '{"a":"x\\udc00"}', 'value'],
    ['surrogates in the wrong order', '{"a":"\\udc00\\ud800"}', 'value'],
    ['a lone surrogate in a name', '{"\\ud800":1}', 'value'],
    ['NUL', '{"a":"\\u0000"}', 'value'],
    ['NUL in a name', '{"a\\u0000":1}', 'value'],
    ['an escaped line break', '{"a":"x\\ny"}', 'value'],
    ['a control character of the second block', '{"a":"\u0085"}', 'value'],
    ['DEL', '{"a":"\u007f"}', 'value'],
    ['a control character in an array', '{"a":["ok","\\u001b[2J"]}', 'value'],
    ['an infinite number', '{"exp":1e400}', 'value'],
    ['minus infinity', '{"exp":-1e400}', 'value'],
    ['a number that loses its last digit', '{"exp":9007199254740993}', 'value'],
    ['a number beyond exact range in an array', '{"a":[1e16]}', 'value'],
    ['nine levels', nested(9), 'limit'],
    ['a hundred thousand levels', nested(100_000), 'limit'],
    ['a hundred thousand arrays', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'limit'],
    ['201 members', members(201), 'limit'],
    ['1001 items', `{"a":[${'0,'.repeat(1000)}0]}`, 'limit'],
    ['1001 items in two arrays', `{"a":[${'0,'.repeat(500)}0],"b":[${'0,'.repeat(499)}0]}`, 'limit'],
    ['a text of 2049 bytes', `{"a":"${'x'.repeat(2049)}"}`, 'limit'],
    ['a text of 2049 bytes in fewer characters', `{"a":"${'\u20ac'.repeat(683)}"}`, 'limit'],
    ['a text of 2049 bytes in an array', `{"a":["${'x'.repeat(2049)}"]}`, 'limit'],
    ['a name of 2049 bytes in fewer characters', `{"${'\u20ac'.repeat(683)}":1}`, 'limit'],
    ['a name of 2049 characters', `{"${'x'.repeat(2049)}":1}`, 'limit'],
    ['a certificate of 8193 bytes', `{"x5c":["${'x'.repeat(8193)}"]}`, 'limit'],
    ['a modulus of 8193 bytes', `{"n":"${'x'.repeat(8193)}"}`, 'limit'],
  ])('%s is refused', (_, text, kind) => {
    expect(outcomeOf(() => parse(text))).toBe(kind)
  })
})

describe('documents that are accepted', () => {
  test.each([
    ['an empty object', '{}'],
    ['white space around it', ' \t\r\n{ } '],
    ['the same name in different objects', '{"a":{"a":1},"b":{"a":2}}'],
    ['names that differ in case', '{"alg":1,"Alg":2}'],
    ['names that objects inherit', '{"toString":1,"hasOwnProperty":2,"valueOf":3,"isPrototypeOf":4}'],
    ['texts that look like members', '{"a":"\\"b\\":1,\\"b\\":2"}'],
    ['a text that ends in a backslash', '{"a":"\\\\","b":"\\\\\\\\"}'],
    ['a surrogate pair, escaped', '{"a":"\\ud83d\\ude00"}'],
    ['the largest exact number', '{"a":9007199254740991,"b":-9007199254740991}'],
    ['a fraction', '{"exp":1795262400.5}'],
    ['minus zero', '{"a":-0}'],
    ['literals', '{"a":true,"b":false,"c":null}'],
    ['eight levels', nested(8)],
    ['200 members', members(200)],
    ['1000 items', `{"a":[${'0,'.repeat(999)}0]}`],
    ['a text of 2048 bytes', `{"a":"${'x'.repeat(2048)}"}`],
    ['a certificate of 8192 bytes', `{"x5c":["${'x'.repeat(8192)}"]}`],
    ['a statement that is measured elsewhere', `{"software_statement":"${'x'.repeat(40_000)}"}`],
  ])('%s', (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  test.each(['x5c', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'x', 'y', 'k'])('%s may be longer than other texts', (name) => {
    expect(outcomeOf(() => parse(`{"${name}":"${'x'.repeat(8192)}"}`))).toBe('accepted')
    expect(outcomeOf(() => parse(`{"${name}":"${'x'.repeat(8193)}"}`))).toBe('limit')
    expect(outcomeOf(() => parse(`{"${name}0":"${'x'.repeat(2049)}"}`))).toBe('limit')
  })

  test('limits are those that were given', () => {
    const limits = { ...defaultLimits, depth: 2, members: 2, items: 1, stringBytes: 1 }
    expect(outcomeOf(() => parseStrictJson('{"a":["b"],"c":{}}', limits))).toBe('accepted')
    expect(outcomeOf(() => parseStrictJson('{"a":["b","c"]}', limits))).toBe('limit')
    expect(outcomeOf(() => parseStrictJson('{"ab":1}', limits))).toBe('limit')
    expect(outcomeOf(() => parseStrictJson('{"a":[[]]}', limits))).toBe('limit')
  })
})

describe('what holds for every document', () => {
  const name = fc
    .string({ unit: 'grapheme', maxLength: 6 })
    .filter((text) => !/[\p{Cc}\p{Cs}]|^(__proto__|constructor|prototype)$/u.test(text))
  const leaf = fc.oneof(name, fc.integer(), fc.boolean(), fc.constant(null))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  const object = fc.dictionary(name, value, { minKeys: 1, maxKeys: 6, noNullPrototype: true })

  test('what JSON.stringify writes is read back', () => {
    fc.assert(
      fc.property(object, fc.nat(3), (given, spaces) => {
        expect(parse(JSON.stringify(given, null, spaces))).toEqual(given)
      }),
    )
  })

  test('a member that is repeated anywhere is found', () => {
    fc.assert(
      fc.property(object, fc.nat(), (given, choice) => {
        const names = Object.keys(given)
        const repeated = JSON.stringify(names[choice % names.length])
        const inner = JSON.stringify(given).slice(1, -1)
        expect(outcomeOf(() => parse(`{${inner},${repeated}:0}`))).toBe('duplicate')
        expect(outcomeOf(() => parse(`{"outer":[{${repeated}:0,${inner}}]}`))).toBe('duplicate')
      }),
    )
  })

  test('whatever the text, it is parsed as JSON.parse does or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          object.map((given) => JSON.stringify(given)),
        ),
        (text) => {
          if (outcomeOf(() => parse(text)) === 'accepted') expect(parse(text)).toEqual(JSON.parse(text))
        },
      ),
    )
  })

  test('parsing leaves the prototype of objects alone', () => {
    expect(outcomeOf(() => parse('{"a":{"__proto__":{"polluted":true}}}'))).toBe('name')
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('UTF-8', () => {
  test.each([
    ['a stray continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut off', [0xe2, 0x82]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('%s is refused', (_, bytes) => {
    expect(outcomeOf(() => decodeUtf8(Uint8Array.from(bytes)))).toBe('utf8')
  })

  test('a byte order mark is kept, so that the JSON parser refuses it', () => {
    expect(decodeUtf8(Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toBe('\ufeff{}')
  })

  test.each(['\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'])(
    'the length of %j, at the edge of its range, is that of the encoding',
    (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
    },
  )

  test('lengths are those of the encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
      }),
    )
  })
})
