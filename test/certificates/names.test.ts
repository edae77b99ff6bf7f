import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../packages/certificates/src/certificate/parse-certificate.js'
import { prepareText } from '../../packages/certificates/src/names/string-preparation.js'
import * as der from '../support/certificates/der.js'
import { issue, issueAuthority, issueRoot, type NamePart, nameOf, relativeName } from '../support/certificates/issue.js'
import { codeOf } from '../support/certificates/outcome.js'

const root = issueRoot()

/** Whether a path is valid in which the authority has one name, and its leaf says that its issuer has another one. */
async function chains(subject: der.Der, issuer: der.Der): Promise<boolean> {
  const authority = issueAuthority(root, { name: subject })
  const code = await codeOf(issue(authority, { issuerName: issuer }), [authority], [root])
  expect(['valid', 'ISSUER_NOT_FOUND']).toContain(code)
  return code === 'valid'
}

const cn = (value: string, write: NamePart[2] = der.utf8String) => nameOf(['CN', value, write])

describe('names that are the same (RFC 5280 7.1)', () => {
  test.each<[string, der.Der, der.Der]>([
    ['but for upper and lower case', cn('Example CA'), cn('EXAMPLE ca')],
    ['but for spaces around and between', cn('Example  CA'), cn('  Example CA ')],
    ['but for other white space', cn('Example\u00a0CA'), cn('Example\tCA')],
    ['as PrintableString and UTF8String', cn('Example CA', der.printableString), cn('Example CA')],
    ['as BMPString and UTF8String', cn('Ex\u00e4mple', der.bmpString), cn('Ex\u00e4mple')],
    ['as TeletexString and UTF8String', cn('Ex\u00e4mple', der.teletexString), cn('Ex\u00e4mple')],
    ['as IA5String and UTF8String', nameOf(['DC', 'example', der.ia5String]), nameOf(['DC', 'EXAMPLE'])],
    ['but for characters that cannot be seen', cn('Exam\u00adple\u200b'), cn('Example')],
    ['but for compatible characters', cn('\uff25xample'), cn('Example')],
    ['but for composed characters', cn('e\u0301'), cn('\u00e9')],
    ['but for the case of other letters', cn('\u00c4\u03a3'), cn('\u00e4\u03c3')],
    ['but for the case of letters beside a dotless i', cn('\u0131\u00c4I'), cn('\u0131\u00e4i')],
    ['but for the order of marks', cn(`a${'\u0300\u0316'.repeat(15)}`), cn(`a${'\u0316\u0300'.repeat(15)}`)],
    ['byte by byte, with many marks', cn(`a${'\u0300\u0316'.repeat(16)}`), cn(`a${'\u0300\u0316'.repeat(16)}`)],
    [
      'but for the order in a set',
      der.sequence(relativeName(['CN', 'a'], ['OU', 'b'])),
      der.sequence(relativeName(['OU', 'b'], ['CN', 'a'])),
    ],
  ])('%s', async (_, subject, issuer) => {
    expect(await chains(subject, issuer)).toBe(true)
  })
})

describe('names that are not the same', () => {
  test.each<[string, der.Der, der.Der]>([
    ['another value', cn('Example CA'), cn('Example CB')],
    ['spaces that are not there', cn('Example CA'), cn('ExampleCA')],
    ['another attribute', cn('Example'), nameOf(['OU', 'Example'])],
    ['another order', nameOf(['O', 'a'], ['CN', 'b']), nameOf(['CN', 'b'], ['O', 'a'])],
    ['an attribute more', nameOf(['O', 'a'], ['CN', 'b']), nameOf(['O', 'a'])],
    ['one set instead of two', nameOf(['O', 'a'], ['OU', 'b']), der.sequence(relativeName(['O', 'a'], ['OU', 'b']))],
    ['what is text in one and bytes in the other', cn('Example'), cn('Example', (text) => der.octetString(der.text(text)))],
    ['what is no UTF-8', cn('Example', () => der.element(0x0c, Uint8Array.of(0xff))), cn('\ufffd')],
    ['bytes that look like the text of another', cn('', () => der.element(0x0c, Uint8Array.of(0xff))), cn('#0c01ff')],
    ['the dotless i and i', cn('\u0131nfo'), cn('info')],
    ['the dotless i and I', cn('\u0131nfo'), cn('INFO')],
    ['many marks in another order', cn(`a${'\u0300\u0316'.repeat(16)}`), cn(`a${'\u0316\u0300'.repeat(16)}`)],
    ['an attribute inside of a value', nameOf(['O', 'a'], ['CN', 'b']), nameOf(['O', 'a\u00022.5.4.3=b'])],
  ])('%s', async (_, subject, issuer) => {
    expect(await chains(subject, issuer)).toBe(false)
  })
})

describe('names for people (RFC 4514)', () => {
  const textOf = (name: der.Der) => parseCertificate(issue(root, { name }).der, { list: 'leaf', index: 0 }).subject.text

  test.each<[string, der.Der, string]>([
    ['innermost first', nameOf(['C', 'DE'], ['O', 'Example'], ['CN', 'Leaf']), 'CN=Leaf,O=Example,C=DE'],
    ['several attributes in one', der.sequence(relativeName(['CN', 'a'], ['OU', 'b'])), 'CN=a+OU=b'],
    ['an attribute without a name', nameOf(['1.2.3.4', 'x']), '1.2.3.4=x'],
    ['characters with a meaning', cn('a,b+c"d;e<f>\\'), 'CN=a\\,b\\+c\\"d\\;e\\<f\\>\\\\'],
    ['spaces and number signs at the ends', cn('# '), 'CN=\\#\\ '],
    ['controls', cn('a\u0000b\u001b\u202e'), 'CN=a\ufffdb\ufffd\ufffd'],
    ['what is no text', cn('', () => der.none), 'CN=#0500'],
    ['nothing', nameOf(), ''],
  ])('%s', (_, name, text) => {
    expect(textOf(name)).toBe(text)
  })
})

describe('the model', () => {
  test('agrees with node:crypto', () => {
    const { der: bytes } = issue(root, { name: nameOf(['C', 'DE', der.printableString], ['CN', 'Leaf']), serialNumber: 0x1234n })
    const ours = parseCertificate(bytes, { list: 'leaf', index: 0 })
    const theirs = new X509Certificate(bytes)
    expect(Buffer.from(ours.serialNumber).toString('hex')).toBe(theirs.serialNumber)
    expect(ours.subject.text.split(',').reverse().join('\n')).toBe(theirs.subject)
    expect([ours.notBefore * 1000, ours.notAfter * 1000]).toEqual([Date.parse(theirs.validFrom), Date.parse(theirs.validTo)])
    expect(Buffer.from(ours.publicKey.der)).toEqual(theirs.publicKey.export({ type: 'spki', format: 'der' }))
  })

  // To put this many marks in order takes longer than a test may.
  test.each([
    ['marks', '\u0300\u0316'],
    ['marks with what cannot be seen between', '\u0300\u00ad\u0316\u00ad'],
    ['sound marks that become marks', '\uff9e\u0316'],
  ])('a name of %s is read as fast as any', async (_, pair) => {
    const authority = issueAuthority(root)
    const long = issue(root, { name: cn(`a${pair.repeat(120_000)}`) })
    expect(await codeOf(issue(authority), [authority, long], [root])).toBe('valid')
  })

  test('texts are prepared once: what is prepared does not change', () => {
    for (const text of ['  A  b ', '\u00df', 'I\u0307', '\ufb03', 'e\u0301 \u200b x', '\u03a3\u03c2', '\u0131I']) {
      const prepared = prepareText(text) ?? 'none'
      expect(prepareText(prepared)).toBe(prepared)
    }
  })
})
