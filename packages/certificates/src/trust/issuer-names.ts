import { isPlainObject } from '@software-statement/core'
import type { Certificate } from '../certificate/certificate.js'
import type { OptionRule } from '../check-options.js'

/**
 * What the `iss` of a statement has to be: one of the URIs in the subjectAltName of the leaf (UDAP), or a name of the configuration, which
 * lists for each `iss` the subjects of its certificates as text (RFC 4514). All are compared byte for byte.
 */
export type IssuerFrom = 'san-uri' | { readonly [issuer: string]: string | readonly string[] }

/** What `issuerFrom` has to be. */
export const issuerFromRule: OptionRule = {
  form: '"san-uri" or an object of subjects by iss',
  holds: isIssuerFrom,
}

function isIssuerFrom(value: unknown): boolean {
  const isText = (name: unknown) => typeof name === 'string' && name !== ''
  if (value === 'san-uri') return true
  if (!isPlainObject(value) || Object.keys(value).length === 0) return false
  return Object.values(value).every(
    (subjects) => isText(subjects) || (Array.isArray(subjects) && subjects.length > 0 && subjects.every(isText)),
  )
}

/** Whether a certificate is one of an issuer. */
export function isCertificateOf(issuer: string, { extensions, subject }: Certificate, issuerFrom: IssuerFrom): boolean {
  if (issuerFrom === 'san-uri') {
    const names = extensions.subjectAltName?.value ?? []
    return names.some((name) => name.form === 'uniformResourceIdentifier' && name.value === issuer)
  }
  const subjects = Object.hasOwn(issuerFrom, issuer) ? issuerFrom[issuer] : undefined
  return typeof subjects === 'string' ? subjects === subject.text : (subjects?.includes(subject.text) ?? false)
}
