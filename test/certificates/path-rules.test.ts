import { describe, expect, test } from 'vitest'
import * as der from '../support/certificates/der.js'
import {
  basicConstraints,
  critical,
  extKeyUsage,
  notCritical,
  rawExtension,
  unknownExtension,
  uri,
} from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, nameOf, type Parts } from '../support/certificates/issue.js'
import { distributionPoints, freshestList, noRevAvail } from '../support/certificates/issue-list.js'
import { codeOf, outcomeOf } from '../support/certificates/outcome.js'

const root = issueRoot()
const authority = issueAuthority(root)

const second = (offset: number) => new Date(at.getTime() + offset * 1000)

/** What becomes of a path in which one certificate is made with the given parts. */
const pathWith = {
  async leaf(parts: Parts, options = {}) {
    return outcomeOf(issue(authority, parts), [authority], [root], options)
  },
  async intermediate(parts: Parts, options = {}) {
    const changed = issueAuthority(root, parts)
    return outcomeOf(issue(changed), [changed], [root], options)
  },
  async anchor(parts: Parts, options = {}) {
    const changed = issueRoot(parts)
    return outcomeOf(issue(changed), [], [changed], options)
  },
}
const positions = ['leaf', 'intermediate', 'anchor'] as const

describe('time (RFC 5280 6.1.3 (a)(2), 4.1.2.5)', () => {
  test.each(
    positions.flatMap((position) =>
      [
        ['that has just become valid', { notBefore: at }, 'valid'],
        ['that is valid for one second more', { notAfter: at }, 'valid'],
        ['that will be valid in a second', { notBefore: second(1) }, 'NOT_YET_VALID 6.1.3 (a)(2)'],
        ['that has expired a second ago', { notAfter: second(-1) }, 'EXPIRED 6.1.3 (a)(2)'],
      ].map(([what, parts, outcome]) => ({ position, what, parts, outcome })),
    ),
  )('the $position $what: $outcome', async ({ position, parts, outcome }) => {
    expect(await pathWith[position](parts as Parts)).toBe(outcome) // a table mixes types
  })

  test('fractions of a second are left out', async () => {
    const fractions = { at: new Date(at.getTime() + 999) }
    expect(await pathWith.leaf({ notAfter: at }, fractions)).toBe('valid')
    expect(await pathWith.leaf({ notBefore: second(1) }, fractions)).toBe('NOT_YET_VALID 6.1.3 (a)(2)')
  })

  const now = at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
  test.each([
    ['a UTCTime of 1950', der.element(0x17, der.text('500101000000Z')), 'valid'],
    ['a UTCTime of 2049 that is still to come', der.element(0x17, der.text('491231235959Z')), 'NOT_YET_VALID'],
    ['a GeneralizedTime before 2050', der.element(0x18, der.text('20300101000000Z')), 'valid'],
    ['a GeneralizedTime before 1950', der.element(0x18, der.text('19000101000000Z')), 'valid'],
    ['a GeneralizedTime of the year 1', der.element(0x18, der.text('00010101000000Z')), 'valid'],
    ['a UTCTime without seconds', der.element(0x17, der.text('3001010000Z')), 'MALFORMED'],
    ['a UTCTime with an offset', der.element(0x17, der.text('300101000000+0000')), 'MALFORMED'],
    ['a UTCTime without Z', der.element(0x17, der.text('300101000000')), 'MALFORMED'],
    ['a UTCTime with four digits of the year', der.element(0x17, der.text(`${now}Z`)), 'MALFORMED'],
    ['a GeneralizedTime with two digits of the year', der.element(0x18, der.text('300101000000Z')), 'MALFORMED'],
    ['a GeneralizedTime with fractions', der.element(0x18, der.text(`${now}.5Z`)), 'MALFORMED'],
    ['a day that there is not', der.element(0x17, der.text('300230000000Z')), 'MALFORMED'],
    ['an hour that there is not', der.element(0x17, der.text('300101240000Z')), 'MALFORMED'],
    ['a second that there is not', der.element(0x17, der.text('300101000060Z')), 'MALFORMED'],
    ['a time that is text', der.printableString('300101000000Z'), 'MALFORMED'],
  ])('notBefore as %s: %s', async (_, notBefore, outcome) => {
    expect((await pathWith.leaf({ notBefore })).split(' ')[0]).toBe(outcome)
  })

  test('notAfter in the year 9999 is for certificates that do not expire', async () => {
    expect(await pathWith.leaf({ notAfter: der.element(0x18, der.text('99991231235959Z')) })).toBe('valid')
  })
})

describe('authorities (RFC 5280 6.1.4 (k), (n))', () => {
  test.each<[string, Parts, string]>([
    ['without basicConstraints', { without: ['2.5.29.19'], keyUsage: ['digitalSignature'] }, 'NOT_CA 6.1.4 (k)'],
    ['that is none', { ca: false }, 'NOT_CA 6.1.4 (k)'],
    ['whose key is not for signing certificates', { keyUsage: ['digitalSignature', 'cRLSign'] }, 'KEY_USAGE 6.1.4 (n)'],
    ['without keyUsage', { without: ['2.5.29.15'] }, 'valid'],
  ])('an authority %s: %s', async (_, parts, outcome) => {
    expect(await pathWith.intermediate(parts)).toBe(outcome)
    expect(await pathWith.anchor(parts)).toBe(outcome)
  })

  test.each([2, 1] as const)('an intermediate of version %i cannot say that it is an authority', async (version) => {
    for (const profile of ['strict', 'compatible'] as const) {
      expect(await pathWith.intermediate({ version }, { profile })).toMatch(/^(NOT_CA|PROFILE)/)
    }
  })

  test('an anchor of version 1 is accepted in the profile compatible', async () => {
    expect(await pathWith.anchor({ version: 1 }, { profile: 'compatible' })).toBe('valid')
    expect(await pathWith.anchor({ version: 1 })).toBe('NOT_CA 6.1.4 (k)')
  })

  test('an authority may be the leaf', async () => {
    expect(await outcomeOf(authority, [], [root])).toBe('valid')
  })

  test('an authority may be the anchor although it is not self-signed', async () => {
    expect(await outcomeOf(issue(authority), [root], [authority])).toBe('valid')
  })
})

describe('path length (RFC 5280 6.1.4 (l), (m))', () => {
  /** What becomes of a path through authorities with these path lengths, the topmost first; `self` is one with the name of the one before. */
  async function outcomeThrough(lengths: readonly (number | undefined | 'self')[], options = {}) {
    const [top, ...others] = lengths
    const anchor = issueRoot(typeof top === 'number' ? { pathLength: top } : {})
    let issuer: Issued = anchor
    const intermediates: Issued[] = []
    for (const [index, length] of others.entries()) {
      issuer = issueAuthority(issuer, {
        name: length === 'self' ? issuer.name : `Authority ${index}`,
        ...(typeof length === 'number' ? { pathLength: length } : {}),
      })
      intermediates.push(issuer)
    }
    return outcomeOf(issue(issuer), intermediates, [anchor], options)
  }

  const tooLong = 'PATH_TOO_LONG 6.1.4 (l)'
  test.each<[lengths: readonly (number | undefined | 'self')[], string]>([
    [[undefined, 0], 'valid'],
    [[undefined, 0, undefined], tooLong],
    [[undefined, 1, 0], 'valid'],
    [[undefined, 1, 2], 'valid'],
    [[undefined, 1, 2, undefined], tooLong],
    [[undefined, 6, 0, undefined], tooLong],
    [[undefined, 6, 1, 1, undefined], tooLong],
    [[0], 'valid'],
    [[0, undefined], tooLong],
    [[1, undefined], 'valid'],
    [[0, 'self'], 'valid'],
    [[0, 'self', undefined], tooLong],
    [[undefined, 0, 'self'], 'valid'],
    [[undefined, 0, 'self', 'self'], 'valid'],
    [[undefined, 0, 'self', undefined], tooLong],
    [[undefined, 1, 'self', 0], 'valid'],
    [[undefined, 1, 'self', 0, 'self'], 'valid'],
  ])('authorities with path lengths %j: %s', async (lengths, outcome) => {
    expect(await outcomeThrough(lengths)).toBe(outcome)
  })

  test.each<[number, readonly (undefined | 'self')[], string]>([
    [0, [], 'valid'],
    [0, [undefined], tooLong],
    [0, ['self'], 'valid'],
    [1, [undefined], 'valid'],
    [1, [undefined, 'self'], 'valid'],
    [1, [undefined, undefined], tooLong],
    [5, [undefined, undefined], 'valid'],
  ])('maxPathLength %i with intermediates %j: %s', async (maxPathLength, lengths, outcome) => {
    expect(await outcomeThrough([undefined, ...lengths], { maxPathLength })).toBe(outcome)
  })

  test('a path length that no number holds is none', async () => {
    const huge = { ...basicConstraints({ ca: true }), value: der.sequence(der.boolean(true), der.integer(1n << 80n)) }
    expect(await pathWith.intermediate({ extensions: [huge] })).toBe('valid')
  })

  test('a negative path length is none of the form', async () => {
    const negative = { ...basicConstraints({ ca: true }), value: der.sequence(der.boolean(true), der.integer(-1)) }
    expect(await pathWith.intermediate({ extensions: [negative] })).toBe('EXTENSION_MALFORMED 4.2.1.9')
  })
})

describe('usage of the key of the leaf (RFC 5280 4.2.1.3, 4.2.1.12)', () => {
  const clientAuth = '1.3.6.1.5.5.7.3.2'
  const serverAuth = '1.3.6.1.5.5.7.3.1'

  test.each<[string, Parts, object, string]>([
    ['a usage it has', {}, { keyUsage: ['digitalSignature'] }, 'valid'],
    ['a usage it does not have', {}, { keyUsage: ['keyEncipherment'] }, 'KEY_USAGE 4.2.1.3'],
    ['one of two usages', {}, { keyUsage: ['digitalSignature', 'decipherOnly'] }, 'KEY_USAGE 4.2.1.3'],
    ['a usage by its other name', { keyUsage: ['nonRepudiation'] }, { keyUsage: ['contentCommitment'] }, 'valid'],
    ['a usage of the second byte', { keyUsage: ['keyAgreement', 'decipherOnly'] }, { keyUsage: ['decipherOnly'] }, 'valid'],
    ['a usage where none are named', { without: ['2.5.29.15'] }, { keyUsage: ['keyAgreement'] }, 'valid'],
    ['a purpose it has', { extensions: [extKeyUsage(clientAuth)] }, { extendedKeyUsage: ['clientAuth'] }, 'valid'],
    ['a purpose as object identifier', { extensions: [extKeyUsage('1.2.3')] }, { extendedKeyUsage: ['1.2.3'] }, 'valid'],
    [
      'a purpose it does not have',
      { extensions: [extKeyUsage(serverAuth)] },
      { extendedKeyUsage: ['clientAuth'] },
      'EXTENDED_KEY_USAGE 4.2.1.12',
    ],
    [
      'one of two purposes',
      { extensions: [extKeyUsage(clientAuth)] },
      { extendedKeyUsage: ['clientAuth', 'serverAuth'] },
      'EXTENDED_KEY_USAGE 4.2.1.12',
    ],
    ['any purpose', { extensions: [extKeyUsage('2.5.29.37.0')] }, { extendedKeyUsage: ['clientAuth'] }, 'valid'],
    ['a purpose where none are named', {}, { extendedKeyUsage: ['clientAuth'] }, 'valid'],
    ['nothing in particular', { extensions: [critical(extKeyUsage(serverAuth))] }, {}, 'valid'],
  ])('asked for %s: %s', async (_, parts, options, outcome) => {
    expect(await pathWith.leaf(parts, options)).toBe(outcome)
  })

  test('purposes of authorities limit those of the leaf', async () => {
    const forServers = { extensions: [extKeyUsage(serverAuth)] }
    expect(await pathWith.intermediate(forServers, { extendedKeyUsage: ['clientAuth'] })).toBe('EXTENDED_KEY_USAGE 4.2.1.12')
    expect(await pathWith.intermediate(forServers, { extendedKeyUsage: ['serverAuth'] })).toBe('valid')
    expect(await pathWith.anchor(forServers, { extendedKeyUsage: ['clientAuth'] })).toBe('EXTENDED_KEY_USAGE 4.2.1.12')
  })
})

const point = { name: { full: [uri('https://crl.example/')] } }

describe('extensions (RFC 5280 4.2, 6.1.4 (o), 6.1.5 (f))', () => {
  test.each(positions)('an unknown extension that is critical is refused in the %s, another one is not', async (position) => {
    const parts = { extensions: [critical(unknownExtension())] }
    expect(await pathWith[position](parts)).toBe('CRITICAL_EXTENSION 6.1.4 (o)')
    expect(await pathWith[position](parts, { profile: 'compatible' })).toBe('CRITICAL_EXTENSION 6.1.4 (o)')
    expect(await pathWith[position]({ extensions: [unknownExtension()] })).toBe('valid')
  })

  test.each(positions)('an extension that is there twice is refused in the %s', async (position) => {
    const twice = { extensions: [unknownExtension(), unknownExtension()] }
    expect(await pathWith[position](twice)).toBe('DUPLICATE_EXTENSION 4.2')
  })

  test.each([
    ['authorityInfoAccess', rawExtension('1.3.6.1.5.5.7.1.1', der.sequence(der.none)), 'CRITICAL_EXTENSION 6.1.4 (o)'],
    ['freshestCRL', freshestList(point), 'PROFILE 4.2.1.15'],
    ['cRLDistributionPoints', distributionPoints(point), 'valid'],
    ['noRevAvail', noRevAvail, 'valid'],
    ['issuerAltName', rawExtension('2.5.29.18', der.sequence(uri('https://ca.example'))), 'valid'],
  ])('a critical %s: %s', async (_, extension, outcome) => {
    expect(await pathWith.leaf({ extensions: [critical(extension)] })).toBe(outcome)
  })

  const garbage = der.text('garbage')
  const policyWith = (...qualifiers: readonly der.Der[]) =>
    rawExtension('2.5.29.32', der.sequence(der.sequence(der.objectIdentifier('1.2.3'), der.sequence(...qualifiers))))
  const qualifier = (identifier: string, ...value: readonly der.Der[]) => der.sequence(der.objectIdentifier(identifier), ...value)
  const cps = (...value: readonly der.Der[]) => qualifier('1.3.6.1.5.5.7.2.1', ...value)
  const notice = (...parts: readonly der.Der[]) => qualifier('1.3.6.1.5.5.7.2.2', der.sequence(...parts))
  const reference = der.sequence(der.utf8String('Example'), der.sequence(der.integer(1), der.integer(2)))
  const address = der.ia5String('https://ca.example/cps')

  test.each([
    ['the address of a practice statement', policyWith(cps(address))],
    ['a notice without anything', policyWith(notice())],
    ['a notice with a text', policyWith(notice(der.utf8String('Read this')))],
    ['a notice with a reference', policyWith(notice(reference))],
    ['a notice with both, beside an address', policyWith(cps(address), notice(reference, der.bmpString('Read this')))],
  ])('critical policies with qualifiers that are known: %s', async (_, extension) => {
    for (const position of positions) expect(await pathWith[position]({ extensions: [critical(extension)] })).toBe('valid')
  })

  test.each([
    ['a policy qualifier of an unknown kind', policyWith(cps(address), qualifier('1.2.3.99', address)), '4.2.1.4'],
    ['a policy qualifier without a kind', policyWith(der.none), '4.2.1.4'],
    ['a policy qualifier without a value', policyWith(cps()), '4.2.1.4'],
    ['a policy qualifier with two values', policyWith(cps(address, address)), '4.2.1.4'],
    ['an address of another type', policyWith(cps(der.utf8String('https://ca.example/cps'))), '4.2.1.4'],
    ['an address beyond ASCII', policyWith(cps(der.ia5String('https://c\u00e4.example/cps'))), '4.2.1.4'],
    ['a notice that is none', policyWith(qualifier('1.3.6.1.5.5.7.2.2', address)), '4.2.1.4'],
    ['a notice with a number', policyWith(notice(der.integer(1))), '4.2.1.4'],
    ['a notice that is no UTF-8', policyWith(notice(der.element(0x0c, Uint8Array.of(0xff)))), '4.2.1.4'],
    ['a notice with two texts', policyWith(notice(der.utf8String('a'), der.utf8String('b'))), '4.2.1.4'],
    ['a reference without numbers', policyWith(notice(der.sequence(der.utf8String('Example')))), '4.2.1.4'],
    [
      'a reference with more behind its numbers',
      policyWith(notice(der.sequence(der.utf8String('Example'), der.sequence(der.integer(1)), der.none))),
      '4.2.1.4',
    ],
    ['other names of the issuer that are none', rawExtension('2.5.29.18', garbage), '4.2'],
    ['no other name of the issuer', rawExtension('2.5.29.18', der.sequence()), '4.2'],
  ])('what is not understood in a critical extension is refused, and passes in another one: %s', async (_, extension, clause) => {
    for (const [position, profile] of positions.flatMap((one) => [[one, 'strict'] as const, [one, 'compatible'] as const])) {
      const outcome = await pathWith[position]({ extensions: [critical(extension)] }, { profile })
      expect(outcome).toBe(`CRITICAL_EXTENSION ${clause}`)
      expect(await pathWith[position]({ extensions: [extension] }, { profile })).toBe('valid')
    }
  })

  const empty = der.sequence()
  const withMore = (value: der.Der) => der.concat(value, der.none)
  const identifier = der.objectIdentifier('1.2.3')
  test.each<[string, string, der.Der, string]>([
    ['authorityKeyIdentifier', '2.5.29.35', garbage, '4.2.1.1'],
    ['authorityKeyIdentifier with more inside', '2.5.29.35', der.sequence(der.implicit(3, identifier)), '4.2.1.1'],
    ['subjectKeyIdentifier', '2.5.29.14', garbage, '4.2.1.2'],
    ['subjectKeyIdentifier with more behind', '2.5.29.14', withMore(der.octetString(identifier)), '4.2.1.2'],
    ['keyUsage', '2.5.29.15', garbage, '4.2.1.3'],
    ['keyUsage without any', '2.5.29.15', der.bitString(Uint8Array.of(0)), '4.2.1.3'],
    ['keyUsage without bits', '2.5.29.15', der.bitString(Uint8Array.of()), '4.2.1.3'],
    ['keyUsage with a bit that does not count', '2.5.29.15', der.bitString(Uint8Array.of(0x81), 7), '4.2.1.3'],
    ['certificatePolicies', '2.5.29.32', garbage, '4.2.1.4'],
    ['certificatePolicies without any', '2.5.29.32', empty, '4.2.1.4'],
    [
      'certificatePolicies with one twice',
      '2.5.29.32',
      der.sequence(der.sequence(identifier), der.sequence(identifier)),
      '4.2.1.4',
    ],
    [
      'certificatePolicies with an empty list of qualifiers',
      '2.5.29.32',
      der.sequence(der.sequence(identifier, empty)),
      '4.2.1.4',
    ],
    ['policyMappings without any', '2.5.29.33', empty, '4.2.1.5'],
    ['policyMappings of one', '2.5.29.33', der.sequence(der.sequence(identifier)), '4.2.1.5'],
    ['subjectAltName without any', '2.5.29.17', empty, '4.2.1.6'],
    ['subjectAltName as text', '2.5.29.17', garbage, '4.2.1.6'],
    ['subjectAltName of an unknown form', '2.5.29.17', der.sequence(der.implicit(9, garbage)), '4.2.1.6'],
    ['subjectAltName beyond ASCII', '2.5.29.17', der.sequence(der.implicit(2, Uint8Array.of(0xe4))), '4.2.1.6'],
    ['basicConstraints', '2.5.29.19', garbage, '4.2.1.9'],
    ['basicConstraints that is true like in BER', '2.5.29.19', der.sequence(der.element(0x01, Uint8Array.of(1))), '4.2.1.9'],
    ['nameConstraints without any', '2.5.29.30', empty, '4.2.1.10'],
    ['nameConstraints with an empty list', '2.5.29.30', der.sequence(der.explicit(0)), '4.2.1.10'],
    ['policyConstraints without any', '2.5.29.36', empty, '4.2.1.11'],
    ['extKeyUsage without any', '2.5.29.37', empty, '4.2.1.12'],
    ['inhibitAnyPolicy', '2.5.29.54', der.integer(-1), '4.2.1.14'],
  ])('%s of a wrong form is refused', async (_, extension, value, clause) => {
    const extensions = [rawExtension(extension, value)]
    expect(await pathWith.leaf({ extensions })).toBe(`EXTENSION_MALFORMED ${clause}`)
    expect(await pathWith.leaf({ extensions }, { profile: 'compatible' })).toBe(`EXTENSION_MALFORMED ${clause}`)
  })

  test('cA that is spelled out as FALSE is let pass', async () => {
    const extensions = [{ ...basicConstraints({ ca: false }), value: der.sequence(der.boolean(false)) }]
    expect(await pathWith.leaf({ extensions })).toBe('valid')
  })

  test('faults of a certificate that is in no path do no harm', async () => {
    const odd = [
      issueAuthority(root, { extensions: [critical(unknownExtension())] }),
      issueAuthority(root, { extensions: [rawExtension('2.5.29.15', garbage)], name: 'Other' }),
      issueRoot({ extensions: [unknownExtension(), unknownExtension()] }),
    ]
    expect(await codeOf(issue(authority), [...odd.slice(0, 2), authority], [...odd.slice(2), root])).toBe('valid')
  })
})

describe('oddities that a validator has to read', () => {
  test.each<[string, Parts]>([
    ['a negative serial number', { serialNumber: -1 }],
    ['a serial number of 20 octets', { serialNumber: (1n << 160n) - 1n }],
    ['unique identifiers', { uniqueIdentifiers: [der.implicit(1, Uint8Array.of(0, 1)), der.implicit(2, Uint8Array.of(0, 2))] }],
    [
      'an authorityKeyIdentifier with name and number as well',
      {
        extensions: [
          rawExtension(
            '2.5.29.35',
            der.sequence(
              der.implicit(0, authority.keys.identifier),
              der.explicit(1, der.explicit(4, nameOf(['CN', 'Root']))),
              der.implicit(2, Uint8Array.of(7)),
            ),
          ),
        ],
      },
    ],
    ['no subjectKeyIdentifier in a leaf', { without: ['2.5.29.14'] }],
    [
      'keyUsage that is not critical',
      {
        extensions: [
          notCritical({ ...unknownExtension(), identifier: '2.5.29.15', value: der.bitString(Uint8Array.of(0x80), 7) }),
        ],
      },
    ],
    ['a subject of many attributes', { name: nameOf(['C', 'DE', der.printableString], ['1.2.3.4', 'x'], ['CN', 'Leaf']) }],
  ])('%s', async (_, parts) => {
    expect(await pathWith.leaf(parts)).toBe('valid')
  })

  test('basicConstraints of an intermediate that is not critical', async () => {
    expect(await pathWith.intermediate({ extensions: [notCritical(basicConstraints({ ca: true }))] })).toBe('valid')
  })
})
