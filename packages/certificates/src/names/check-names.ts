import type { Certificate } from '../certificate/certificate.js'
import { type CertificateFaultDetails, CertificatePathError } from '../errors/certificate-path-error.js'
import type { GeneralSubtree, NameConstraints } from '../extensions/name-constraints.js'
import type { Budget } from '../path/budget.js'
import type { Profile } from '../profile/profile.js'
import type { GeneralName, NameForm } from './general-name.js'
import { type IsWithinSome, nameForms, type SubtreeList } from './name-forms.js'

/** The constraints of one certificate. */
export interface CompiledNameConstraints {
  /** How many subtrees there are, of all forms. */
  readonly size: number
  /** By the form of the names that they are for. */
  readonly forms: ReadonlyMap<NameForm, FormConstraints>
}

interface FormConstraints {
  /** Absent where nothing is said. `unknown` where it cannot be told what is within. */
  readonly permitted?: IsWithinSome | 'unknown'
  readonly excluded?: IsWithinSome | 'unknown'
}

/**
 * Makes name constraints ready to hold names against.
 *
 * Throws `CertificatePathError` if a subtree is not well-formed.
 */
export function compileNameConstraints(
  { permitted, excluded }: NameConstraints,
  issuer: Certificate,
  profile: Profile,
): CompiledNameConstraints {
  const forms = new Set([...permitted, ...excluded].map(({ base }) => base.form))
  const at = { certificate: issuer.reference }
  const compiled = [...forms].map((form): readonly [NameForm, FormConstraints] => {
    const compile = (list: SubtreeList, subtrees: readonly GeneralSubtree[]) =>
      subtrees.length === 0 ? {} : { [list]: compileSubtrees(subtrees, list, at, profile) }
    return [form, { ...compile('permitted', ofForm(permitted, form)), ...compile('excluded', ofForm(excluded, form)) }]
  })
  return { size: permitted.length + excluded.length, forms: new Map(compiled) }
}

const ofForm = (subtrees: readonly GeneralSubtree[], form: NameForm) => subtrees.filter(({ base }) => base.form === form)

function compileSubtrees(
  subtrees: readonly GeneralSubtree[],
  list: SubtreeList,
  at: CertificateFaultDetails,
  profile: Profile,
): IsWithinSome | 'unknown' {
  const form = subtrees[0]?.base.form ?? 'otherName'
  const compile = nameForms.get(form)
  if (compile === undefined || subtrees.some(({ isWhole }) => !isWhole)) return 'unknown'
  const bases = subtrees.map(({ base }) => base)
  const compiled = compile(bases, list, profile)
  if (compiled !== undefined) return compiled
  const message = `nameConstraints: a subtree of the form ${form} is not well-formed`
  throw new CertificatePathError('ERR_CERTIFICATE_EXTENSION_MALFORMED', message, { ...at, clause: '4.2.1.10' })
}

/**
 * Checks that every name of a certificate is within what a certificate above it permits, and within nothing it excludes
 * (RFC 5280 6.1.3 (b), (c)).
 *
 * Throws `CertificatePathError`.
 */
export function checkNames(certificate: Certificate, { size, forms }: CompiledNameConstraints, budget: Budget): void {
  const names = listNames(certificate)
  budget.spend('nameComparisons', names.length * size)
  for (const name of names) {
    const { permitted, excluded } = forms.get(name.form) ?? {}
    if (excluded !== undefined && judge(excluded, name, certificate))
      throw fault('ERR_CERTIFICATE_NAME_EXCLUDED', name, certificate)
    if (permitted !== undefined && !judge(permitted, name, certificate)) {
      throw fault('ERR_CERTIFICATE_NAME_NOT_PERMITTED', name, certificate)
    }
  }
}

/** A name that cannot be held against a constraint on its form is refused, as if it were outside of what is permitted. */
function judge(isWithinSome: IsWithinSome | 'unknown', name: GeneralName, certificate: Certificate): boolean {
  const isWithin = isWithinSome === 'unknown' ? undefined : isWithinSome(name)
  if (isWithin === undefined) throw fault('ERR_CERTIFICATE_NAME_UNSUPPORTED', name, certificate)
  return isWithin
}

/**
 * Subject and alternative names. E-mail addresses in the subject count where there is no alternative name of that form
 * (RFC 5280 4.2.1.10).
 */
function listNames({ subject, extensions }: Certificate): readonly GeneralName[] {
  const alternatives = extensions.subjectAltName?.value ?? []
  const hasMailbox = alternatives.some(({ form }) => form === 'rfc822Name')
  return [
    ...(subject.relativeNames.length === 0 ? [] : [{ form: 'directoryName', value: subject } as const]),
    ...(hasMailbox ? [] : subject.emailAddresses.map((value) => ({ form: 'rfc822Name', value }) as const)),
    ...alternatives,
  ]
}

const whatIsWrong = {
  ERR_CERTIFICATE_NAME_EXCLUDED: 'is excluded',
  ERR_CERTIFICATE_NAME_NOT_PERMITTED: 'is not permitted',
  ERR_CERTIFICATE_NAME_UNSUPPORTED: 'cannot be held against a name constraint',
} as const

function fault(code: keyof typeof whatIsWrong, { form }: GeneralName, { reference }: Certificate): CertificatePathError {
  return new CertificatePathError(code, `a name of the form ${form} ${whatIsWrong[code]}`, { certificate: reference })
}
