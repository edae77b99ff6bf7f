import {
  CertificatePathError,
  type CertificatePathErrorCode,
  type CertificatePathOptions,
  certificateFaults,
  inspectCertificates,
  validateCertificatePath,
} from '@software-statement/certificates'
import { describe, expect, test } from 'vitest'
import { at, issue, issueRoot, toBase64 } from '../support/certificates/issue.js'

const root = issueRoot()
const leaf = issue(root)
const good = { anchors: [root.der], at }

/** Options that may be anything. */
const validate = (options: unknown) => validateCertificatePath(leaf.der, options as CertificatePathOptions)

describe('options', () => {
  test('anchors and a time are all that is needed', async () => {
    expect((await validate(good)).certificates).toHaveLength(2)
    expect((await validate({ ...good, intermediates: undefined, policies: {}, profile: undefined })).certificates).toHaveLength(2)
  })

  const unusable = issue(root, { keyUsage: ['keyEncipherment'] })
  const names = Object.keys({
    ...{ anchors: 1, at: 1, intermediates: 1, keyUsage: 1, extendedKeyUsage: 1, maxPathLength: 1, profile: 1 },
    ...{ policies: 1, crls: 1, revocation: 1 },
  } satisfies Record<keyof CertificatePathOptions, 1>)
  test.each(
    names.flatMap((name) => [{}, { keyUsage: ['digitalSignature'] }, { crls: [] }].map((given) => [name, given] as const)),
  )('%s that is undefined is left out, with %j', async (name, given) => {
    const { [name]: _, ...others } = { ...good, ...given } as Readonly<Record<string, unknown>>
    const become = (more: object) => {
      const given = { ...others, ...more } as unknown as CertificatePathOptions // as callers without types do
      return validateCertificatePath(unusable.der, given).then(() => 'valid', String)
    }
    expect(await become({ [name]: undefined })).toBe(await become({}))
  })

  test.each<[string, object]>([
    ['anchors', { anchors: undefined }],
    ['anchors', { anchors: [] }],
    ['anchors', { anchors: root.der }],
    ['at', { at: undefined }],
    ['at', { at: new Date(Number.NaN) }],
    ['at', { at: at.getTime() }],
    ['at', { at: at.toISOString() }],
    ['intermediates', { intermediates: root.der }],
    ['intermediates', { intermediates: null }],
    ['keyUsage', { keyUsage: 'digitalSignature' }],
    ['keyUsage', { keyUsage: ['signing'] }],
    ['keyUsage', { keyUsage: ['toString'] }],
    ['extendedKeyUsage', { extendedKeyUsage: ['client'] }],
    ['extendedKeyUsage', { extendedKeyUsage: ['1.2.03'] }],
    ['extendedKeyUsage', { extendedKeyUsage: ['3.2.1'] }],
    ['extendedKeyUsage', { extendedKeyUsage: 'clientAuth' }],
    ['maxPathLength', { maxPathLength: -1 }],
    ['maxPathLength', { maxPathLength: 1.5 }],
    ['maxPathLength', { maxPathLength: '1' }],
    ['maxPathLength', { maxPathLength: null }],
    ['profile', { profile: 'lenient' }],
    ['policies', { policies: [] }],
    ['policies', { policies: null }],
    ['policies.userInitialPolicySet', { policies: { userInitialPolicySet: [] } }],
    ['policies.userInitialPolicySet', { policies: { userInitialPolicySet: ['anyPolicy'] } }],
    ['policies.userInitialPolicySet', { policies: { userInitialPolicySet: '1.2.3' } }],
    ['policies.initialExplicitPolicy', { policies: { initialExplicitPolicy: 1 } }],
    ['policies.initialPolicyMappingInhibit', { policies: { initialPolicyMappingInhibit: 'yes' } }],
    ['policies.initialAnyPolicyInhibit', { policies: { initialAnyPolicyInhibit: null } }],
  ])('%s of a wrong form is refused by its name: %j', async (name, wrong) => {
    const error = await validate({ ...good, ...wrong }).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: expect.stringContaining(`the option ${name} must be`) })
  })

  test.each([
    ['maxPathLengh', { maxPathLengh: 1 }],
    ['clockTolerance', { clockTolerance: 5 }],
    ['policies.initialPolicySet', { policies: { initialPolicySet: [] } }],
  ])('%s is no option', async (name, wrong) => {
    await expect(validate({ ...good, ...wrong })).rejects.toThrow(new RegExp(`^"${name}" is not an option here`))
  })

  test.each([[undefined], [null], [at], ['options']])('options that are %j are refused', async (options) => {
    await expect(validate(options)).rejects.toThrow(TypeError)
  })
})

describe('inspecting certificates', () => {
  /** What may be anything. */
  const inspect = (x5c: unknown, options: unknown) => inspectCertificates(x5c as string[], options as { at: Date })

  test('tells what is odd at a time', async () => {
    expect(await inspect([toBase64(leaf)], { at })).toMatchObject([{ subject: 'CN=Leaf', findings: [] }])
    const findings = [{ clause: 'RFC 5280 6.1.3 (a)(2)' }]
    expect(await inspect([toBase64(leaf)], { at: new Date('2060-01-01') })).toMatchObject([{ findings }])
    expect(await inspect([], { at })).toEqual([])
  })

  test.each<[string, unknown, unknown, string]>([
    ['no options', [toBase64(leaf)], undefined, 'options must be an object'],
    ['a misspelled option', [toBase64(leaf)], { at, time: at }, '"time" is not an option here: there are at'],
    ['no time', [toBase64(leaf)], {}, 'the option at must be a valid Date'],
    ['a time that is none', [toBase64(leaf)], { at: new Date(Number.NaN) }, 'the option at must be a valid Date'],
    ['a time as text', [toBase64(leaf)], { at: '2035-01-01' }, 'the option at must be a valid Date'],
    ['a text instead of a chain', toBase64(leaf), { at }, 'x5c must be an array of certificates'],
    ['no chain', undefined, { at }, 'x5c must be an array of certificates'],
    ['a number in the chain', [toBase64(leaf), 5], { at }, 'x5c[1] must be PEM or base64 text, or DER bytes'],
  ])('%s is refused', async (_, x5c, options, message) => {
    const error = await inspect(x5c, options).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message })
  })
})

describe('errors', () => {
  const codes = Object.keys(certificateFaults) as readonly CertificatePathErrorCode[] // the keys of a frozen table

  test.each(codes)('%s has a clause of RFC 5280 and survives JSON', (code) => {
    const certificate = { list: 'intermediates', index: 3, subject: 'CN=x' } as const
    const error = new CertificatePathError(code, 'detail', { certificate, cause: new Error('underneath') })
    expect(error).toBeInstanceOf(Error)
    expect(error.clause).toMatch(/^RFC 5280 [456](?:\.\d+)*(?: \([a-z]\)(?:\(\d\))?)?$/)
    expect(error.cause).toBeInstanceOf(Error)
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'CertificatePathError',
      code,
      message: 'detail',
      clause: error.clause,
      certificate,
    })
  })

  test('a clause may be told more exactly, and a certificate left out', () => {
    const error = new CertificatePathError('ERR_CERTIFICATE_PROFILE', 'detail', { clause: '4.2.1.2' })
    expect(error.clause).toBe('RFC 5280 4.2.1.2')
    expect('certificate' in error || 'cause' in error).toBe(false)
  })

  test('descriptions differ', () => {
    const descriptions = Object.values(certificateFaults).map(({ description }) => description)
    expect(new Set(descriptions).size).toBe(descriptions.length)
  })
})
