import type { CertificateChain, ChainSubject, SignatureAlgorithm, StatementHeader } from '@software-statement/core'
import type { SigningKey } from './keys/signing-key.js'
import type { ParsedOptions } from './options.js'

/** The JOSE header of a statement (RFC 7515 4.1). Throws `TypeError` if no algorithm is certain or the asked one does not fit. */
export function buildHeader(key: SigningKey, { alg, typ, kid = key.kid }: ParsedOptions): StatementHeader {
  return { alg: chooseAlgorithm(key, alg), typ, ...(kid === undefined ? {} : { kid }) }
}

/** Adds the certificates of the signer to a header, where there are any. Throws `TypeError` if they do not fit what is signed. */
export async function addCertificates(
  header: StatementHeader,
  chain: CertificateChain | undefined,
  subject: ChainSubject,
): Promise<StatementHeader> {
  return chain === undefined ? header : { ...header, x5c: await chain(subject) }
}

function chooseAlgorithm({ algorithms, certainAlgorithm, publicHalf }: SigningKey, asked: SignatureAlgorithm | undefined) {
  if (asked !== undefined) {
    if (algorithms.includes(asked)) return asked
    throw new TypeError(`the key does not fit alg "${asked}": it fits ${algorithms.join(', ')}`)
  }
  if (certainAlgorithm !== undefined) return certainAlgorithm
  // An RSA key that names none: RFC 7591 2.3 recommends RS256, which every verifier knows.
  if (publicHalf !== undefined && algorithms.includes('RS256')) return 'RS256'
  throw new TypeError('the key leaves more than one algorithm: name one as alg')
}
