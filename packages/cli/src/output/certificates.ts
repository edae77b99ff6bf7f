import type { CertificatePathError, InspectedCertificate } from '@software-statement/certificates'
import type { TrustedCertificate } from '@software-statement/verifier'
import type { Verdict } from '../judge.js'
import { printable } from './printable.js'
import { redact } from './redact.js'
import { formatTime } from './time-words.js'

/** A text of a certificate, whoever made it, on a terminal. */
const show = (text: string) => printable(String(redact(text)))

const until = ({ notBefore, notAfter }: { readonly notBefore: Date; readonly notAfter: Date }) =>
  [notBefore, notAfter].map((date) => formatTime(date.getTime() / 1000) ?? '').join(' to ')

/** The certificates that trust rests on, leaf first. */
export function writePath(path: readonly TrustedCertificate[]): string[][] {
  const place = (index: number) => (index === 0 ? 'leaf' : index === path.length - 1 ? 'anchor' : 'intermediate')
  const status = ({ revocationChecked }: TrustedCertificate, index: number) => {
    if (place(index) === 'anchor') return 'trusted'
    return revocationChecked ? 'not revoked' : 'revocation not checked'
  }
  return path.map((certificate, index) => [
    place(index),
    show(certificate.subject),
    until(certificate),
    status(certificate, index),
    explain(certificate),
  ])
}

const reasonWords = { issuerName: 'name', keyIdentifier: 'key identifier', signature: 'signature' } as const

/** What makes a certificate the issuer of the one before. */
function explain({ reasons = [] }: TrustedCertificate): string {
  const words = Object.entries(reasonWords).flatMap(([reason, word]) => (reasons.includes(reason) ? [word] : []))
  return words.length === 0 ? '' : `issuer by ${words.join(', ')}`
}

/** Times of certificates as RFC 3339, as JSON has them. */
export function withTexts<Dated extends object>(certificates: readonly Dated[]): readonly object[] {
  return certificates.map((certificate) =>
    Object.fromEntries(
      Object.entries(certificate).map(([name, value]) => [
        name,
        value instanceof Date ? formatTime(value.getTime() / 1000) : value,
      ]),
    ),
  )
}

/** What is wrong with the certificate path of a statement, where that is why it is refused. */
export function pathFaultOf(verdict: Verdict): { readonly certificateFault?: ReturnType<CertificatePathError['toJSON']> } {
  if (verdict.approved) return {}
  const { cause } = verdict.cause
  return isPathError(cause) ? { certificateFault: cause.toJSON() } : {}
}

/** By its name: asking whether it is one of the class would load all of what makes it. */
function isPathError(cause: unknown): cause is CertificatePathError {
  return cause instanceof Error && cause.name === 'CertificatePathError'
}

/** The certificates of a statement and what is odd about them, leaf first. */
export function writeCertificates(certificates: readonly InspectedCertificate[]): string[][] {
  return certificates.flatMap((certificate, index) => {
    const name = `x5c[${index}]`
    if ('fault' in certificate) return [[name, 'malformed', show(certificate.fault)]]
    const { subject, issuer, serialNumber, subjectAltNames, key, findings } = certificate
    return [
      [name, 'subject', show(subject)],
      ['', 'issuer', show(issuer)],
      ['', 'serial number', serialNumber],
      ['', 'valid', until(certificate)],
      ...subjectAltNames.map((alternative) => ['', 'name', show(alternative)]),
      ['', 'key', key],
      ...findings.map(({ message, clause }) => ['', 'finding', `${show(message)} (${clause})`]),
    ]
  })
}
