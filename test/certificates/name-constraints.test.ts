import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../packages/certificates/src/certificate/parse-certificate.js'
import { resolveOptions } from '../../packages/certificates/src/options.js'
import { Budget } from '../../packages/certificates/src/path/budget.js'
import { CertificateChecks } from '../../packages/certificates/src/path/certificate-checks.js'
import * as der from '../support/certificates/der.js'
import {
  critical,
  directory,
  dns,
  email,
  ip,
  nameConstraints,
  otherName,
  rawExtension,
  registeredId,
  subjectAltName,
  uri,
} from '../support/certificates/extensions.js'
import { at, type Issued, issue, issueAuthority, issueRoot, nameOf } from '../support/certificates/issue.js'
import { codeOf, outcomeOf } from '../support/certificates/outcome.js'

type Constraints = Parameters<typeof nameConstraints>[0]
type Names = readonly der.Der[]

const root = issueRoot()

/** What becomes of a leaf with these names below an authority with these constraints. */
async function outcome(constraints: Constraints, names: Names, subject = nameOf(['CN', 'Leaf']), options = {}) {
  const authority = issueAuthority(root, { extensions: [nameConstraints(constraints)] })
  const extensions = names.length === 0 ? [] : [critical(subjectAltName(...names))]
  return codeOf(issue(authority, { name: subject, extensions }), [authority], [root], options)
}

/** In the profile compatible: the other one refuses names that say nothing, whatever is permitted. */
const within = (base: der.Der, name: der.Der) => outcome({ permitted: [base] }, [name], undefined, { profile: 'compatible' })
const notPermitted = 'NAME_NOT_PERMITTED'
const unsupported = 'NAME_UNSUPPORTED'

/** An address, and for constraints also a mask. */
const ipv6 = (...bytes: readonly number[]) => ip(...bytes, ...new Array<number>(16 - bytes.length).fill(0))
const ipv6Range = (bytes: readonly number[], mask: readonly number[]) =>
  ip(...[bytes, mask].flatMap((half) => [...half, ...new Array<number>(16 - half.length).fill(0)]))

describe('one permitted subtree (RFC 5280 4.2.1.10, 6.1.3 (b))', () => {
  test.each<[string, string, string]>([
    ['example.com', 'example.com', 'valid'],
    ['example.com', 'EXAMPLE.com', 'valid'],
    ['example.com', 'a.example.com', 'valid'],
    ['example.com', 'a.b.example.com', 'valid'],
    ['example.com', '*.example.com', 'valid'],
    ['example.com', 'a_b.example.com', 'valid'],
    ['example.com', 'example.org', notPermitted],
    ['example.com', 'notexample.com', notPermitted],
    ['example.com', 'com', notPermitted],
    ['example.com', '*.com', notPermitted],
    ['a.example.com', '*.example.com', notPermitted],
    ['', 'anything.example', 'valid'],
    ['example.com', '.example.com', unsupported],
    ['example.com', 'a..example.com', unsupported],
    ['example.com', 'example.com.', unsupported],
    ['example.com', 'a*.example.com', unsupported],
    ['example.com', '-a.example.com', unsupported],
    ['example.com', ' ', unsupported],
    ['example.com', `${'a'.repeat(64)}.example.com`, unsupported],
    ['example.com', `${'a.'.repeat(130)}example.com`, unsupported],
  ])('dNSName %j and the name %j: %s', async (base, name, expected) => {
    expect(await within(dns(base), dns(name))).toBe(expected)
  })

  test.each<[string, string, string]>([
    ['example.com', 'a@example.com', 'valid'],
    ['example.com', 'a@EXAMPLE.com', 'valid'],
    ['example.com', 'a.b+c@example.com', 'valid'],
    ['example.com', '"a@b c"@example.com', 'valid'],
    ['example.com', 'a@b.example.com', notPermitted],
    ['example.com', 'a@example.org', notPermitted],
    ['.example.com', 'a@b.example.com', 'valid'],
    ['.example.com', 'a@b.c.example.com', 'valid'],
    ['.example.com', 'a@example.com', notPermitted],
    ['.example.com', 'a@notexample.com', notPermitted],
    ['a@example.com', 'a@example.com', 'valid'],
    ['a@example.com', 'a@EXAMPLE.COM', 'valid'],
    ['a@example.com', 'A@example.com', notPermitted],
    ['a@example.com', 'b@example.com', notPermitted],
    ['*@example.com', 'a@example.com', notPermitted],
    ['', 'a@example.com', 'valid'],
    ['example.com', 'example.com', unsupported],
    ['example.com', '@example.com', unsupported],
    ['example.com', 'a@b@example.com', unsupported],
    ['example.com', 'a@', unsupported],
    ['example.com', 'a..b@example.com', unsupported],
    ['example.com', 'a@*.example.com', unsupported],
    ['example.com', '"a"b"@example.com', unsupported],
  ])('rfc822Name %j and the name %j: %s', async (base, name, expected) => {
    expect(await within(email(base), email(name))).toBe(expected)
  })

  test.each<[string, string, string]>([
    ['example.com', 'https://example.com', 'valid'],
    ['example.com', 'https://EXAMPLE.com:8443/path?a@b#c', 'valid'],
    ['example.com', 'ftp://user:secret@example.com/', 'valid'],
    ['example.com', 'https://a.example.com/', notPermitted],
    ['example.com', 'https://example.com.evil.example/', notPermitted],
    ['example.com', 'https://example.com@evil.example/', notPermitted],
    ['.example.com', 'https://a.example.com/', 'valid'],
    ['.example.com', 'https://a.b.example.com/', 'valid'],
    ['.example.com', 'https://example.com/', notPermitted],
    ['.example.com', 'https://notexample.com/', notPermitted],
    ['', 'https://example.com/', 'valid'],
    ['example.com', 'urn:example:com', unsupported],
    ['example.com', 'https:///example.com', unsupported],
    ['example.com', 'https://192.0.2.1/', unsupported],
    ['example.com', 'https://0x7f.1/', unsupported],
    ['example.com', 'https://[2001:db8::1]/', unsupported],
    ['example.com', 'https://exa%6dple.com/', unsupported],
    ['example.com', 'example.com', unsupported],
    ['example.com', "https://a-b.c_d~!$&'()*+,;=%7F:x@example.com:/", 'valid'],
    ['example.com', 'https://@example.com', 'valid'],
    ['example.com', 'https://evil.example\\@example.com/', unsupported],
    ['example.com', 'https://evil.example @example.com/', unsupported],
    ['example.com', 'https://evil.example\n@example.com/', unsupported],
    ['example.com', 'https://evil.example\t@example.com/', unsupported],
    ['example.com', 'https://a@evil.example@example.com/', unsupported],
    ['example.com', 'https://[2001:db8::1]@example.com/', unsupported],
    ['example.com', 'https://evil%2@example.com/', unsupported],
    ['example.com', 'https://example.com\\.evil.example/', unsupported],
    ['example.com', 'https://example.com:8a/', unsupported],
    ['example.com', 'https://example.com\n', unsupported],
  ])('uniformResourceIdentifier %j and the name %j: %s', async (base, name, expected) => {
    expect(await within(uri(base), uri(name))).toBe(expected)
  })

  test.each<[string, der.Der, der.Der, string]>([
    ['in an IPv4 range', ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 2, 77), 'valid'],
    ['outside of an IPv4 range', ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 3, 77), notPermitted],
    ['in a range that ends inside of a byte', ip(192, 0, 2, 128, 255, 255, 255, 128), ip(192, 0, 2, 200), 'valid'],
    ['outside of a range that ends inside of a byte', ip(192, 0, 2, 128, 255, 255, 255, 128), ip(192, 0, 2, 127), notPermitted],
    ['in all of IPv4', ip(0, 0, 0, 0, 0, 0, 0, 0), ip(8, 8, 8, 8), 'valid'],
    ['a range whose base has more than the mask', ip(192, 0, 2, 5, 255, 255, 255, 0), ip(192, 0, 2, 6), 'valid'],
    ['in an IPv6 range', ipv6Range([0x20, 1, 0xd, 0xb8], [255, 255, 255, 255]), ipv6(0x20, 1, 0xd, 0xb8, 9), 'valid'],
    ['outside of an IPv6 range', ipv6Range([0x20, 1, 0xd, 0xb8], [255, 255, 255, 255]), ipv6(0x20, 1, 0xd, 0xb9), notPermitted],
    ['of the other version', ip(0, 0, 0, 0, 0, 0, 0, 0), ipv6(0x20, 1), notPermitted],
    ['of no version', ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 2), unsupported],
    ['that is a range', ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 2, 0, 255, 255, 255, 0), unsupported],
  ])('iPAddress %s', async (_, base, name, expected) => {
    expect(await within(base, name)).toBe(expected)
  })

  const subtree = nameOf(['C', 'DE', der.printableString], ['O', 'Example'])
  test.each<[string, der.Der, string]>([
    ['the base', subtree, 'valid'],
    ['below it', nameOf(['C', 'DE'], ['O', 'EXAMPLE'], ['CN', 'Leaf']), 'valid'],
    ['written in another way', nameOf(['C', 'de'], ['O', ' example ', der.bmpString], ['CN', 'Leaf']), 'valid'],
    ['above it', nameOf(['C', 'DE']), notPermitted],
    ['beside it', nameOf(['C', 'DE'], ['O', 'Example 2'], ['CN', 'Leaf']), notPermitted],
    ['the same in another order', nameOf(['O', 'Example'], ['C', 'DE']), notPermitted],
  ])('directoryName and a subject that is %s: %s', async (_, subject, expected) => {
    expect(await outcome({ permitted: [directory(subtree)] }, [], subject)).toBe(expected)
  })

  test('directoryName holds for subjects and alternative names, and not for the lack of one', async () => {
    const permitted = [directory(subtree)]
    const inside = nameOf(['C', 'DE'], ['O', 'Example'], ['CN', 'Leaf'])
    const outside = nameOf(['C', 'FR'])
    expect(await outcome({ permitted }, [directory(inside)], inside)).toBe('valid')
    expect(await outcome({ permitted }, [directory(outside)], inside)).toBe(notPermitted)
    expect(await outcome({ permitted }, [directory(inside)], outside)).toBe(notPermitted)
    expect(await outcome({ permitted }, [dns('example.com')], nameOf())).toBe('valid')
    expect(await outcome({ permitted: [directory(nameOf())] }, [], outside)).toBe('valid')
  })
})

describe('several subtrees, on several levels', () => {
  const both = [dns('a.example'), dns('b.example')]

  test('a name is within one of those of its form', async () => {
    expect(await outcome({ permitted: both }, [dns('x.b.example')])).toBe('valid')
    expect(await outcome({ permitted: both }, [dns('x.b.example'), dns('c.example')])).toBe(notPermitted)
  })

  test('names of other forms are not limited', async () => {
    expect(await outcome({ permitted: both }, [email('a@c.example'), uri('urn:x'), ip(1, 2, 3, 4)])).toBe('valid')
    expect(await outcome({ excluded: both }, [email('a@a.example')])).toBe('valid')
  })

  test('what is excluded is excluded, permitted or not', async () => {
    const constraints = { permitted: [dns('example.com')], excluded: [dns('secret.example.com')] }
    expect(await outcome(constraints, [dns('a.example.com')])).toBe('valid')
    expect(await outcome(constraints, [dns('secret.example.com')])).toBe('NAME_EXCLUDED')
    expect(await outcome(constraints, [dns('x.secret.example.com')])).toBe('NAME_EXCLUDED')
    expect(await outcome(constraints, [dns('*.example.com')])).toBe('NAME_EXCLUDED')
    expect(await outcome(constraints, [dns('*.a.example.com')])).toBe('valid')
  })

  test.each<[der.Der, der.Der, string]>([
    [email('example.com'), email('a@example.com'), 'NAME_EXCLUDED'],
    [email('.example.com'), email('a@example.com'), 'valid'],
    [uri('.example.com'), uri('https://a.example.com'), 'NAME_EXCLUDED'],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 1, 2, 3), 'NAME_EXCLUDED'],
    [ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 1, 2, 3), 'valid'],
    [dns(''), dns('a.example'), 'NAME_EXCLUDED'],
    [directory(nameOf(['O', 'Evil'])), directory(nameOf(['O', 'EVIL', der.teletexString])), 'NAME_EXCLUDED'],
    [email('example.com'), email('a@b@example.com'), unsupported],
  ])('excluded alone', async (base, name, expected) => {
    expect(await outcome({ excluded: [base] }, [name])).toBe(expected)
  })

  test('every level is obeyed, that of the anchor included', async () => {
    const anchor = issueRoot({ extensions: [nameConstraints({ permitted: both })] })
    const upper = issueAuthority(anchor, {
      name: 'Upper',
      extensions: [nameConstraints({ permitted: [dns('b.example'), dns('c.example')] })],
    })
    const lower = issueAuthority(upper, { name: 'Lower', extensions: [nameConstraints({ excluded: [dns('no.b.example')] })] })
    const outcomeFor = (name: string) =>
      codeOf(issue(lower, { extensions: [subjectAltName(dns(name))] }), [upper, lower], [anchor])
    expect(await outcomeFor('x.b.example')).toBe('valid')
    expect(await outcomeFor('x.a.example')).toBe(notPermitted)
    expect(await outcomeFor('x.c.example')).toBe(notPermitted)
    expect(await outcomeFor('x.no.b.example')).toBe('NAME_EXCLUDED')
  })

  test('intermediates are held to the levels above them, unless they are self-issued', async () => {
    const anchor = issueRoot({ extensions: [nameConstraints({ permitted: [dns('example.com')] })] })
    const odd = { extensions: [subjectAltName(dns('other.example'))] }
    const other = issueAuthority(anchor, odd)
    const selfIssued = issueAuthority(anchor, { ...odd, name: anchor.name })
    expect(await outcomeOf(issue(other), [other], [anchor])).toBe('NAME_NOT_PERMITTED 6.1.3 (b)')
    expect(await outcomeOf(issue(selfIssued), [selfIssued], [anchor])).toBe('valid')
    expect(await outcomeOf(selfIssued, [], [anchor])).toBe('NAME_NOT_PERMITTED 6.1.3 (b)')
  })

  test('constraints of a self-issued certificate are obeyed', async () => {
    const selfIssued = issueAuthority(root, { name: root.name, extensions: [nameConstraints({ permitted: both })] })
    const leaf = issue(selfIssued, { extensions: [subjectAltName(dns('c.example'))] })
    expect(await codeOf(leaf, [selfIssued], [root])).toBe(notPermitted)
  })
})

describe('e-mail addresses in the subject', () => {
  const subject = nameOf(['CN', 'Leaf'], ['emailAddress', 'a@evil.example', der.ia5String])

  test.each<[string, Constraints, Names, string]>([
    ['outside of what is permitted', { permitted: [email('example.com')] }, [], notPermitted],
    ['within what is permitted', { permitted: [email('evil.example')] }, [], 'valid'],
    ['excluded', { excluded: [email('evil.example')] }, [], 'NAME_EXCLUDED'],
    ['with an alternative name of another form', { permitted: [email('example.com')] }, [dns('a.example')], notPermitted],
    ['with an alternative name of that form', { permitted: [email('example.com')] }, [email('a@example.com')], 'valid'],
  ])('%s', async (_, constraints, names, expected) => {
    expect(await outcome(constraints, names, subject)).toBe(expected)
  })
})

describe('e-mail addresses in the subject that cannot be read', () => {
  const ia5 = (...bytes: readonly number[]) => der.element(0x16, Uint8Array.from(bytes))
  test.each<[string, der.Der]>([
    ['characters beyond ASCII', ia5(...der.text('a@evil.example'), 0x80)],
    ['what is no text', der.octetString(der.text('a@evil.example'))],
    ['nothing', ia5()],
  ])('%s', async (_, value) => {
    const subject = nameOf(['CN', 'Leaf'], ['emailAddress', '', () => value])
    expect(await outcome({ permitted: [email('example.com')] }, [], subject)).toBe(unsupported)
    expect(await outcome({ excluded: [email('evil.example')] }, [], subject)).toBe(unsupported)
    expect(await outcome({ permitted: [dns('example.com')] }, [], subject)).toBe('valid')
    expect(await outcome({ permitted: [email('example.com')] }, [email('a@example.com')], subject)).toBe('valid')
  })
})

describe('names with more marks on a character than can be compared', () => {
  const marks = (count: number) => nameOf(['O', `e${'\u0323\u0301'.repeat(count / 2)}`])
  const excluded = (base: der.Der, name: der.Der) => outcome({ excluded: [directory(base)] }, [], name)

  test('are held against no constraint on their form', async () => {
    expect(await excluded(marks(30), marks(30))).toBe('NAME_EXCLUDED')
    expect(await excluded(marks(28), marks(30))).toBe('valid')
    expect(await excluded(marks(30), marks(32))).toBe(unsupported)
    expect(await outcome({ permitted: [directory(nameOf())] }, [], marks(32))).toBe(unsupported)
    expect(await outcome({ permitted: [dns('example.com')] }, [], marks(32))).toBe('valid')
  })

  test('are no subtree', async () => {
    expect(await excluded(marks(32), marks(30))).toBe('EXTENSION_MALFORMED')
  })
})

describe('what cannot be told', () => {
  test.each<[string, der.Der, der.Der]>([
    ['otherName', otherName('1.2.3', 'a'), otherName('1.2.3', 'b')],
    ['otherName of another kind', otherName('1.2.3', 'a'), otherName('1.2.4', 'b')],
    ['registeredID', registeredId('1.2.3'), registeredId('1.2.4')],
    ['x400Address', der.explicit(3, der.none), der.explicit(3, der.none)],
    ['ediPartyName', der.explicit(5, der.none), der.explicit(5, der.none)],
  ])('constraints on %s are refused where there is such a name only', async (_, base, name) => {
    for (const constraints of [{ permitted: [base] }, { excluded: [base] }]) {
      expect(await outcome(constraints, [name])).toBe(unsupported)
      expect(await outcome(constraints, [dns('a.example')])).toBe('valid')
    }
  })

  const minimum = (value: number) =>
    rawExtension(
      '2.5.29.30',
      der.sequence(der.explicit(0, der.sequence(dns('example.com'), der.implicit(0, der.integerBytes(value))))),
    )
  const maximum = rawExtension(
    '2.5.29.30',
    der.sequence(der.explicit(0, der.sequence(dns('example.com'), der.implicit(1, der.integerBytes(9))))),
  )
  test.each([
    ['a minimum of 0 that is spelled out', minimum(0), 'valid'],
    ['a minimum', minimum(1), unsupported],
    ['a maximum', maximum, unsupported],
  ])('a subtree with %s', async (_, extension, expected) => {
    const authority = issueAuthority(root, { extensions: [critical(extension)] })
    const leaf = issue(authority, { extensions: [subjectAltName(dns('a.example.com'))] })
    expect(await codeOf(leaf, [authority], [root])).toBe(expected)
    expect(await codeOf(issue(authority), [authority], [root])).toBe('valid')
  })

  test.each<[string, der.Der]>([
    ['a dNSName with a period in front', dns('.example.com')],
    ['a dNSName with an asterisk', dns('*.example.com')],
    ['a mailbox with two at signs', email('a@b@example.com')],
    ['a URI instead of a host', uri('https://example.com')],
    ['an address without a mask', ip(192, 0, 2, 0)],
    ['a mask with holes', ip(192, 0, 2, 0, 255, 0, 255, 0)],
    ['nothing but a period', uri('.')],
  ])('a subtree of a wrong form is refused, whatever names there are: %s', async (_, base) => {
    expect(await outcome({ permitted: [base] }, [])).toBe('EXTENSION_MALFORMED')
    expect(await outcome({ excluded: [base] }, [])).toBe('EXTENSION_MALFORMED')
  })

  test.each([
    ['a.example.com', 'valid'],
    ['example.com', notPermitted],
    ['a.example.org', notPermitted],
  ])('a dNSName with a period in front means what is below, in the profile compatible: %s', async (name, expected) => {
    const constraints = { permitted: [dns('.example.com')] }
    expect(await outcome(constraints, [dns(name)], undefined, { profile: 'compatible' })).toBe(expected)
  })
})

test('names and constraints beyond the limit are refused', async () => {
  const many = (count: number, write: (name: string) => der.Der) =>
    Array.from({ length: count }, (_, at) => write(`n${at}.example`))
  expect(await outcome({ permitted: many(2000, dns) }, many(600, dns))).toBe('LIMIT')
  expect(await outcome({ permitted: many(600, dns) }, many(600, dns))).toBe('valid')
})

describe('whatever paths there are', () => {
  const hosts = Array.from({ length: 600 }, (_, at) => dns(`n${at}.example`))
  const constrained = issueAuthority(root, { extensions: [nameConstraints({ permitted: hosts })] })

  test('names are held against constraints once', async () => {
    const named = issueAuthority(constrained, { name: 'Named', extensions: [subjectAltName(...hosts)] })
    const first = issueAuthority(named, { name: 'Same' })
    const same = Array.from({ length: 5 }, () => issueAuthority(named, { name: 'Same', keys: first.keys }))
    const leaf = issue(first, { notAfter: new Date('2031-01-01') })
    expect(await codeOf(leaf, [constrained, named, ...same], [root])).toBe('EXPIRED')
  })

  test('constraints are read once, and those of a wrong form refused each time', () => {
    const checks = new CertificateChecks(resolveOptions({ anchors: [root.der], at }).settings, new Budget())
    const parse = ({ der: bytes }: Issued) => parseCertificate(bytes, { list: 'intermediates', index: 0 })
    const [good, bad] = [constrained, issueAuthority(root, { extensions: [nameConstraints({ permitted: [dns('.')] })] })].map(
      parse,
    )
    if (good === undefined || bad === undefined) throw new Error('there are two')
    expect(checks.namesBelow(good)).toBe(checks.namesBelow(good))
    for (const _ of [1, 2])
      expect(() => checks.namesBelow(bad)).toThrow(expect.objectContaining({ code: 'ERR_CERTIFICATE_EXTENSION_MALFORMED' }))
  })
})
