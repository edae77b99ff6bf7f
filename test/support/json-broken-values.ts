import { list } from './json-pieces.js'

/** What is no JSON value wherever it stands: alone, as an item and as a member (RFC 8259). */
export const brokenValues: readonly (readonly [kind: string, pieces: readonly string[]])[] = [
  [
    'numbers',
    [
      ...list`
      - ¦ + ¦ +1 ¦ ++1 ¦ --1 ¦ -+1 ¦ 01 ¦ -01 ¦ 00 ¦ -00 ¦ 012 ¦ 0123.4 ¦ 1. ¦ -1. ¦ 0. ¦ .5 ¦ -.5 ¦ . ¦ -. ¦ 1.e1 ¦
      2.e+3 ¦ 0.e1 ¦ 1e ¦ 1E ¦ 1e+ ¦ 1E- ¦ 0e ¦ 0e+ ¦ 0.3e ¦ 0.3e+ ¦ 1eE2 ¦ 1e1.5 ¦ 1e0x1 ¦ 1.2.3 ¦ 1..2 ¦ 0x ¦ 0x1F ¦
      0b1 ¦ 0o7 ¦ 1_000 ¦ 1'000 ¦ 1f ¦ 1d ¦ 1L ¦ 1n ¦ 1a ¦ 1- ¦ 1+1 ¦ 1*2 ¦ 1/2 ¦ 1,5 ¦ 1,000 ¦ $1 ¦ %1 ¦ 1% ¦ -foo ¦
      -x ¦ -0x1 ¦ NaN ¦ -NaN ¦ Infinity ¦ -Infinity ¦ +Infinity ¦ Inf ¦ nan ¦ infinity ¦ 1.#INF
    `,
      '\uff11',
      '\u0663',
      '\u22121',
      '\u221e',
      '\u00bd',
      '1e\uff11',
      '-\ud835\udfce',
    ],
  ],
  ['numbers with something between', [...list`- 1 ¦ 1 .5 ¦ 1. 5 ¦ 1 e5 ¦ 1e 5 ¦ 1e+ 5 ¦ 1 000 ¦ 1 2`, '-\n1', '1\u00002']],
  [
    'words',
    list`
      t ¦ tr ¦ tru ¦ truee ¦ True ¦ TRUE ¦ yes ¦ f ¦ fals ¦ False ¦ n ¦ nul ¦ nulll ¦ Null ¦ NULL ¦ None ¦ nil ¦
      undefined ¦ void ¦ true1 ¦ null0 ¦ truefalse ¦ *null ¦ &true
    `,
  ],
  [
    'words with something between',
    [...list`tr ue ¦ true false ¦ null null ¦ function(){} ¦ new Date() ¦ /a/ ¦ [object Object]`, 'nu\u0000ll'],
  ],
  ['texts that do not end', [...list`" ¦ "abc ¦ "\" ¦ "\\\" ¦ abc" ¦ """ ¦ """" ¦ "a"b"`, '"\ud83d\ude00']],
  [
    'texts with other quotes',
    [
      ...list`'abc' ¦ \"abc\" ¦ \u0022abc\u0022 ¦ abc ¦ &quot;abc&quot; ¦ ' ¦ "abc'`,
      '`abc`',
      '\u201cabc\u201d',
      '\u00ababc\u00bb',
    ],
  ],
  ['texts one after another', [...list`"a" "b" ¦ "a""b" ¦ "a"+"b" ¦ "a" 1`, '"a"\n"b"']],
  [
    'escapes there are not',
    [
      ...list`"\x41" ¦ "\a" ¦ "\v" ¦ "\0" ¦ "\1" ¦ "\e" ¦ "\U0041" ¦ "\N" ¦ "\'" ¦ "\ " ¦ "\&"`,
      '"\\\n"',
      '"\\\ud83d\ude00"',
      '"\\\u00e9"',
    ],
  ],
  [
    'escapes that are too short',
    [
      ...list`
      "\u" ¦ "\u0" ¦ "\u00" ¦ "\u004" ¦ "\u00g0" ¦ "\u 0041" ¦ "\u-041" ¦ "\u+041" ¦ "\u{41}" ¦ "\ud83d\u" ¦
      "\ud83d\u00"
    `,
      '"\\u\uff10\uff10\uff14\uff11"',
      '"\\ud83d\\',
    ],
  ],
  ['control characters in texts', Array.from({ length: 0x20 }, (_, unit) => `"a${String.fromCharCode(unit)}b"`)],
  ['arrays that do not end', [...list`[ ¦ [1 ¦ [1, ¦ [[ ¦ [[] ¦ ["a" ¦ [" ¦ [{ ¦ [{} ¦ [null,`, '[1,\n1\n,1']],
  ['arrays that end too often', list`] ¦ 1] ¦ []] ¦ [1]] ¦ [[]]] ¦ [1} ¦ [} ¦ (1) ¦ [(1)] ¦ <1>`],
  [
    'arrays with the wrong things between',
    [
      ...list`
      [,] ¦ [,1] ¦ [1,] ¦ [1,,2] ¦ [1,,] ¦ [,,] ¦ [1 2] ¦ ["a" "b"] ¦ [1:2] ¦ ["a":1] ¦ [1;2] ¦ [1|2] ¦ [...a] ¦
      [1..3] ¦ [*] ¦ [1 true] ¦ [a]
    `,
      '[\u00a0]',
    ],
  ],
  [
    'objects that do not end',
    list`{ ¦ {"a ¦ {"a" ¦ {"a": ¦ {"a":1 ¦ {"a":1, ¦ {"a":{ ¦ {"a":{} ¦ {"a":[ ¦ {"a":" ¦ {"a":1] ¦ {]`,
  ],
  ['objects that end too often', list`} ¦ 1} ¦ {}} ¦ {"a":1}} ¦ {"a":1}] ¦ "a":1 ¦ "a":1} ¦ {"a":1}{"b":2} ¦ {}[] ¦ {}1`],
  [
    'objects with the wrong things between',
    [
      ...list`
      {,} ¦ {,"a":1} ¦ {"a":1,} ¦ {"a":1,,"b":2} ¦ {"a":1 "b":2} ¦ {"a":1;"b":2} ¦ {"a"} ¦ {"a","b"} ¦ {"a" 1} ¦
      {"a"=1} ¦ {"a"=>1} ¦ {"a"->1} ¦ {"a"::1} ¦ {"a":1:2} ¦ {"a":} ¦ {:1} ¦ {"a":"b":"c"} ¦ {"a":1 2} ¦ {"a" "b":1} ¦
      {"a":,"b":2}
    `,
      '{"a"\u00a0:1}',
    ],
  ],
  [
    'objects with names that are none',
    [
      ...list`
      {a:1} ¦ {'a':1} ¦ {1:1} ¦ {-1:1} ¦ {null:1} ¦ {true:1} ¦ {[]:1} ¦ {{}:1} ¦ {a-b:1} ¦ {"a"b:1} ¦ {[a]:1} ¦
      {...a} ¦ {...{"a":1}} ¦ {"a":1,b:2} ¦ {"a" "b"} ¦ {get a(){}}
    `,
      '{\ud83c\udde8\ud83c\udded}',
      '{`a`:1}',
    ],
  ],
  [
    'comments',
    [
      ...list`
      /**/1 ¦ 1/**/ ¦ 1 /* c */ ¦ 1//c ¦ 1#c ¦ <!--c-->1 ¦ {/*c*/} ¦ {"a":/*c*/1} ¦ {"a"/*c*/:1} ¦ {"a":1}/**/ ¦
      {"a":1}/ ¦ {"a":1}# ¦ [1/*c*/] ¦ / ¦ /* ¦ /*/
    `,
      '//c\n1',
      '1 // c\n',
      '#c\n1',
      '--c\n1',
      '[1,//c\n2]',
    ],
  ],
  [
    'spaces that are none',
    [
      '\u00a01',
      '1\u00a0',
      '\u20281',
      '1\u2029',
      '\u30001',
      '\ufeff1',
      '1\ufeff',
      '\u000b1',
      '\f1',
      '\u00851',
      '\u200b1',
      '\u20601',
      '\u180e1',
      '\u16801',
      '\u00001',
      '1\u0000',
      '\u001e1',
      '\u001a',
      '1\u001a',
      '\b1',
    ],
  ],
  ['nothing', ['', ' ', '\n', '\r\n', '\t', ' \t\r\n ', '\u0000', '\u0000\u0000\u0000\u0000', '\ufeff', '\ufeff ']],
  [
    'more than JSON',
    [
      ...list`
      1; ¦ =1 ¦ x=1 ¦ var x=1 ¦ return 1 ¦ callback(1) ¦ callback(1); ¦ while(1);1 ¦ for(;;);1 ¦ {{a}} ¦ <a>1</a> ¦
      a: 1 ¦ !!int 1 ¦ @a ¦ \1 ¦ \n ¦ &#49; ¦ %7B%7D ¦ eyJhIjoxfQ ¦ a.b.c ¦ | ¦ ~ ¦ ^ ¦ ? ¦ : ¦ , ¦ ; ¦ * ¦ '' ¦
      "" "" ¦ () ¦ <> ¦ <null> ¦ [<null>]
    `,
      ")]}'\n1",
      ")]}',\n1",
      'data: 1\n\n',
      '#{a}',
      '---\na: 1',
      '- 1\n- 2',
      '1\\',
      '"\\',
      '`',
      '``',
    ],
  ],
]
