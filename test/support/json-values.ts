import { bytesOfPiece, list } from './json-pieces.js'

const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
const inText = (texts: readonly string[]) => texts.map((text) => bytesOfPiece('"', bytes(text), '"'))

/** Bytes that are no UTF-8 (RFC 3629 3 and 4), each as a value. */
export const brokenUtf8: readonly (readonly [kind: string, pieces: readonly Uint8Array[]])[] = [
  [
    'overlong forms',
    inText(list`
      c0 80 ¦ c0 a2 ¦ c0 af ¦ c1 9c ¦ c1 bf ¦ e0 80 80 ¦ e0 80 af ¦ e0 9f bf ¦ f0 80 80 80 ¦ f0 80 80 af ¦ f0 8f bf bf ¦
      f8 80 80 80 af ¦ fc 80 80 80 80 af
    `),
  ],
  ['surrogates', inText(list`ed a0 80 ¦ ed ad bf ¦ ed ae 80 ¦ ed af bf ¦ ed b0 80 ¦ ed bf bf ¦ ed a0 bd ed b8 80`)],
  [
    'what is beyond Unicode',
    inText(
      list`f4 90 80 80 ¦ f5 80 80 80 ¦ f7 bf bf bf ¦ f8 88 80 80 80 ¦ fb bf bf bf bf ¦ fc 84 80 80 80 80 ¦ fd bf bf bf bf bf`,
    ),
  ],
  [
    'sequences that are too short',
    inText(list`c3 ¦ e2 ¦ e2 82 ¦ f0 ¦ f0 9f ¦ f0 9f 98 ¦ c3 c3 a9 ¦ e2 82 41 ¦ e2 82 c3 a9 ¦ f0 9f 98 41`),
  ],
  ['bytes that continue nothing', inText(list`80 ¦ bf ¦ 41 80 ¦ c3 a9 a9 ¦ 80 80 80 80`)],
  ['bytes that are never there', inText(list`fe ¦ ff ¦ fe ff ¦ ff fe ¦ fe fe ff ff`)],
  ['other encodings', inText(list`e9 ¦ 93 61 62 63 94 ¦ c4 e3 ¦ 82 b1 82 f1 ¦ b0 a1`)],
  ['bytes outside texts', list`e9 ¦ 31 ff ¦ 5b ff 5d ¦ 7b ff 7d ¦ 7b 22 61 22 3a ff 7d ¦ 80 31 ¦ c0 b1`.map(bytes)],
  ['bytes in names', list`ff ¦ c0 ae`.map((name) => bytesOfPiece('{"a', bytes(name), '":1}'))],
]

const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth)
const listOf = (length: number) => JSON.stringify(Array.from({ length }, () => 0))
const objectOf = (length: number) => JSON.stringify(Object.fromEntries(Array.from({ length }, (_, at) => [`m${at}`, 0])))
const textOf = (unit: string, length: number) => JSON.stringify(unit.repeat(length))

/** What is JSON, and read differently from one parser to the next, or more than a registration has use for: with the code for it. */
export const ambiguousValues: readonly (readonly [code: string, pieces: readonly string[]])[] = [
  [
    'ERR_REQUEST_VALUE',
    list`
      "\ud800" ¦ "\udbff" ¦ "\udc00" ¦ "\udfff" ¦ "\udc00\ud800" ¦ "\ud800\ud800\udc00" ¦ "\ud83dx" ¦ "\ud83d\n" ¦ "\ud83d\u0041" ¦
      {"\ud800":1} ¦ ["\uDADA"] ¦ "\uD888\u1234" ¦ "\u0000" ¦ "a\u0000b" ¦ "\u0007" ¦ "\u001b[31m" ¦ "\u001f" ¦ "\b" ¦ "\f" ¦ "\n" ¦
      "\r" ¦ "\t" ¦ "\u007f" ¦ "\u0085" ¦ "\u009f" ¦ {"a\u0000":1} ¦ {"\n":1}
    `,
  ],
  ['ERR_REQUEST_VALUE', ['"\u007f"', '"\u0085"', '"\u009f"', '{"\u0080":1}']],
  [
    'ERR_REQUEST_VALUE',
    list`
      1e400 ¦ -1e400 ¦ 1E309 ¦ 1e308 ¦ 123e65 ¦ 123e45 ¦ 1e16 ¦ 9007199254740992 ¦ -9007199254740993 ¦ 18446744073709551616 ¦
      -237462374673276894279832749832423479823246327846 ¦ 0.4e006699999999999999999999999999999999999 ¦ [1e9999] ¦ {"a":-1e+9999} ¦
      [9007199254740993.0]
    `,
  ],
  ['ERR_REQUEST_VALUE', [`1${'0'.repeat(400)}`, `1e1${'0'.repeat(400)}`, `${'9'.repeat(100_000)}`]],
  [
    'ERR_REQUEST_DUPLICATE_MEMBER',
    list`
      {"a":1,"a":2} ¦ {"a":1,"a":1} ¦ {"a":1,"\u0061":2} ¦ {"":1,"":2} ¦ [{"a":1,"b":2,"a":3}] ¦ {"a":{"b":1,"b":1}} ¦
      {"a":null,"a":null} ¦ {"a/":1,"a\/":2} ¦ {"é":1,"\u00e9":2} ¦ {"a":":","a":"\":"} ¦ {"toString":1,"toString":2}
    `,
  ],
  [
    'ERR_REQUEST_FORBIDDEN_NAME',
    list`
      {"__proto__":1} ¦ {"__proto__":{"a":1}} ¦ {"constructor":{"prototype":{}}} ¦ [{"prototype":1}] ¦ {"\u005f_proto__":{}} ¦
      {"a":{"__proto__":null}}
    `,
  ],
  ['ERR_REQUEST_LIMIT', [8, 60, 500, 50_000].map((depth) => nested(depth))],
  ['ERR_REQUEST_LIMIT', [8, 10_000].flatMap((depth) => [nested(depth, '{"a":', '}'), nested(depth, '[{"":', '}]')].map(fillIn))],
  ['ERR_REQUEST_LIMIT', [listOf(1001), listOf(50_000), objectOf(201), objectOf(5_000)]],
  ['ERR_REQUEST_LIMIT', [textOf('a', 2049), textOf('\u{1f600}', 513), textOf('a', 100_000), `{${textOf('a', 2049)}:1}`]],
]

/** The innermost object of a nest has no value yet. */
function fillIn(nest: string): string {
  return nest.replace(':}', ':1}')
}

/** What is JSON beyond doubt. */
export const soundValues: readonly string[] = [
  ...list`
    0 ¦ -0 ¦ 1 ¦ -1 ¦ 0.0 ¦ -0.0 ¦ 1.5 ¦ -0.1 ¦ 10 ¦ 123 ¦ 1e5 ¦ 1E5 ¦ 1e+5 ¦ 1E+5 ¦ 1e-5 ¦ 1E-5 ¦ 0e0 ¦ 0e+1 ¦ 0E-1 ¦ 1.5e3 ¦ 20e1 ¦
    1e-400 ¦ -1e-9999 ¦ 1e15 ¦ 9007199254740991 ¦ -9007199254740991 ¦ 3.141592653589793238462643383279
  `,
  `0.${'0'.repeat(100)}1`,
  ...list`
    true ¦ false ¦ null ¦ [] ¦ {} ¦ [[]] ¦ [null] ¦ [1,2] ¦ [ 1 , 2 ] ¦ [true,false,null] ¦ {"a":1} ¦ { "a" : 1 } ¦ {"":0} ¦ {"a":[]} ¦
    {"a":{"b":{}}} ¦ {"a":1,"A":2} ¦ {"a":{"a":1}} ¦ {"toString":1} ¦ {"a":":","b":"\":\""} ¦ [{"a":[{"b":[{}]}]}]
  `,
  ...[' 1', '1 ', '\n1\r\n', '\t1\t', '[\n1,\n2\n]', '{\r\n"a"\t:\r1\n}'],
  ...list`
    "" ¦ " " ¦ "abc" ¦ "\u0041" ¦ "\/" ¦ "\\" ¦ "\"" ¦ "\\u0041" ¦ "\ud83d\ude00" ¦ "\uD834\uDD1E" ¦ "\u2028" ¦ "\uffff" ¦ "/*c*/" ¦
    "//c" ¦ "[{" ¦ "'"
  `,
  ...['\u{1f600}', '\u00e9', 'e\u0301', '\u2028\u2029', '\uffff', '\ufdd0', '\u{10ffff}', '\u200b', '\ufeff', '\ue000'].map(
    (text) => `"${text}"`,
  ),
  ...[nested(7), listOf(900), objectOf(150), textOf('a', 2048), textOf('\u00e9', 1024)],
]
