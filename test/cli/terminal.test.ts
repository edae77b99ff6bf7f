import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeJson, writeMember } from '../../packages/cli/src/output/json.js'
import { printable } from '../../packages/cli/src/output/printable.js'
import { layOut } from '../../packages/cli/src/output/table.js'
import { describeDistance, describeSpan, formatTime } from '../../packages/cli/src/output/time-words.js'
import { makeStatement } from '../support/make-jws.js'
import { runCli, trustFile } from './support.js'

/** What may stand in output: line feeds and what is seen. */
const unsafe = /[^\n\P{C}]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const trust = ['--trust', 'trust.json']

const attacks: [string, string][] = [
  ['an escape sequence', '\u001b[2J\u001b[1;31mapproved'],
  ['a control sequence introducer', '\u009b31m'],
  ['a change of direction', 'safe\u202eexe.'],
  ['an isolate', '\u2066x\u2069'],
  ['a line feed', 'x\napproved\n'],
  ['a carriage return', 'x\rapproved'],
  ['a line separator', 'x\u2028approved'],
  ['a backspace', 'refused\b\b\b\b\b\b\b'],
  ['a delete character', '\u007f'],
  ['something of no width', 'a\u200b\u2060\ufeffb'],
  ['a hyperlink', '\u001b]8;;https://attacker.example\u0007x\u001b]8;;\u0007'],
  ['a tag character', '\u{e0041}'],
]

describe('what a terminal would obey is written out', () => {
  test.each(attacks)('%s in a claim', async (_, text) => {
    const token = makeStatement({ claims: { client_name: text, sub: text, [`x${text}`]: [text, { [text]: text }] } })
    for (const json of [[], ['--json']]) {
      for (const argv of [
        ['inspect', token],
        ['inspect', token, ...trust],
        ['verify', token, ...trust],
      ]) {
        const { stdout, stderr } = await runCli([...argv, ...json])
        expect(stdout).not.toMatch(unsafe)
        expect(stderr).not.toMatch(unsafe)
      }
    }
    const { stdout } = await runCli(['inspect', token])
    expect(stdout.split('\n').filter((line) => line.startsWith('approved'))).toEqual([])
  })

  test.each(attacks)('%s in the header', async (_, text) => {
    const { stdout, stderr } = await runCli([
      'inspect',
      makeStatement({ header: { kid: text, typ: text, [text]: text } }),
      ...trust,
    ])
    expect(`${stdout}${stderr}`).not.toMatch(unsafe)
  })

  test.each(attacks)('%s in metadata, a request, a trust file, a policy, a file name, a flag', async (_, text) => {
    const signing = ['--key', 'key.json', '--issuer', 'https://publisher.example']
    const files = {
      'm.json': { software_id: text, [text]: text },
      'r.json': { client_name: text, scope: text, [text]: 1 },
      't.json': { ...trustFile(), [text]: 1 },
      't2.json': trustFile({ issuer: text, [text]: 1 }),
      'p.json': { approvals: [{ software_id: text, [text]: 1 }] },
    }
    for (const argv of [
      ['sign', 'm.json', ...signing],
      ['sign', 'metadata.json', ...signing, '--policy', 'p.json'],
      ['sign', 'metadata.json', ...signing, '--kid', text],
      ['verify', 'statement.jwt', ...trust, '--request', 'r.json'],
      ['verify', 'statement.jwt', '--trust', 't.json'],
      ['verify', 'statement.jwt', '--trust', 't2.json'],
      ['inspect', `./${text}`],
      ['inspect', 'statement.jwt', `--${text}`],
      ['inspect', 'r.json'],
      [text],
    ]) {
      const { stdout, stderr } = await runCli(argv, { files })
      expect(`${stdout}${stderr}`).not.toMatch(unsafe)
    }
  })

  test('any text in any claim, and --json stays JSON with the same value', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, text, async (name, value) => {
        const claims = { [`x-${name}`]: value }
        const token = makeStatement({ claims })
        const human = await runCli(['inspect', token])
        const { exit, stdout } = await runCli(['inspect', token, '--json'])
        expect(`${human.stdout}${stdout}`).not.toMatch(unsafe)
        if (exit === 0) expect(JSON.parse(stdout).claims).toMatchObject(claims)
      }),
      { numRuns: 200 },
    )
  })

  test('what is seen stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const shown = printable(text)
        expect(shown).not.toMatch(/[\n]/)
        expect(shown).not.toMatch(unsafe)
        expect(shown.replace(/(?:\\u[0-9a-f]{4})+/g, (escapes) => JSON.parse(`"${escapes}"`))).toBe(text)
      }),
    )
    for (const text of ['plain', 'Ünïcödé', 'Пошта', '郵便', '📮']) expect(printable(text)).toBe(text)
  })

  test('the value of a member is written as in its object', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (name, value) => {
        expect(`{${printable(JSON.stringify(name))}:${writeMember(name, value)}}`).toBe(writeJson({ [name]: value }))
      }),
    )
    expect(writeMember('client_secret', 'x')).toBe('"[redacted]"')
    expect(writeMember('client_secret#de', 'x')).toBe('"[redacted]"')
  })
})

describe('tables and times', () => {
  test('columns line up, and a long cell moves its own row only', () => {
    const long = 'x'.repeat(60)
    expect(
      layOut([
        ['a', 'b', 'c'],
        ['aa', 'bb', ''],
        ['a', long, 'c'],
      ]),
    ).toBe(`  a   b${' '.repeat(49)}c\n  aa  bb\n  a   ${long}  c\n`)
  })

  test.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [7199, '119 minutes'],
    [7200, '2 hours'],
    [172_799, '47 hours'],
    [172_800, '2 days'],
    [90 * 86_400, '90 days'],
    [10 * 31_557_600, '10 years'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(describeSpan(seconds)).toBe(words)
    if (seconds === 0) return
    expect(describeDistance(1000 + seconds, 1000)).toBe(`in ${words}`)
    expect(describeDistance(1000, 1000 + seconds)).toBe(`${words} ago`)
  })

  test('a time that is now is now, and one that no calendar has is none', () => {
    expect(describeDistance(7, 7)).toBe('now')
    expect([formatTime(0), formatTime(1e15), formatTime('0')]).toEqual(['1970-01-01T00:00:00Z', undefined, undefined])
  })
})
