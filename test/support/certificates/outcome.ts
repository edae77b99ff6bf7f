import { CertificatePathError, type CertificatePathOptions, validateCertificatePath } from '@software-statement/certificates'
import { at, type Issued } from './issue.js'

/** What becomes of a path: `valid`, or code and clause of its fault, without the name of RFC 5280, and which certificate is at fault. */
export async function outcomeOf(
  leaf: Pick<Issued, 'der'>,
  intermediates: readonly Pick<Issued, 'der'>[],
  anchors: readonly Pick<Issued, 'der'>[],
  options: Partial<CertificatePathOptions> = {},
): Promise<string> {
  try {
    await validateCertificatePath(leaf.der, {
      intermediates: intermediates.map(({ der }) => der),
      anchors: anchors.map(({ der }) => der),
      at,
      ...options,
    })
    return 'valid'
  } catch (error) {
    if (!(error instanceof CertificatePathError)) throw error
    return `${error.code.replace('ERR_CERTIFICATE_', '')} ${error.clause.replace('RFC 5280 ', '')}`
  }
}

/** The code of what becomes of a path: `valid`, or that of its fault without `ERR_CERTIFICATE_`. */
export async function codeOf(...given: Parameters<typeof outcomeOf>): Promise<string> {
  return (await outcomeOf(...given)).replace(/ .*/, '')
}
