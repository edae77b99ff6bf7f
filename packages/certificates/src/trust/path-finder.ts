import type { Certificate } from '../certificate/certificate.js'
import { parseCertificate } from '../certificate/parse-certificate.js'
import type { CertificatePath } from '../certificate-path.js'
import { CertificatePathError, type CertificateReference } from '../errors/certificate-path-error.js'
import { findCertificatePath } from '../find-certificate-path.js'
import { describePlace, parseGiven } from '../parse-given.js'
import type { PathSettings } from '../path/path-settings.js'
import type { ListSource } from '../revocation/list-pool.js'
import { parseCertificateList } from '../revocation/parse-certificate-list.js'
import type { RevocationMemory } from '../revocation/revocation-memory.js'
import { ListCache } from './list-cache.js'
import { refusePath } from './path-refusal.js'
import type { ParsedTrustOptions } from './trust-options.js'

/** Finds the path of a statement's certificates at a time, not revoked at another. Rejects with `StatementError`. */
export type FindPath = (
  leaf: Certificate,
  others: readonly Certificate[],
  times: Pick<PathSettings, 'at' | 'revocationAt'>,
) => Promise<CertificatePath>

/** Reads what paths are built of, once. Throws `TypeError` for a certificate or list that cannot be read. */
export function makePathFinder(options: ParsedTrustOptions, now: () => number, memory: RevocationMemory): FindPath {
  const anchors = options.anchors.map((encoded, index) => read(parseCertificate, encoded, { list: 'anchors', index }))
  const given = options.intermediates.map((encoded, index) => read(parseCertificate, encoded, { list: 'intermediates', index }))
  const lists: ListSource = {
    given: options.crls.map((encoded, index) => read(parseCertificateList, encoded, { list: 'crls', index })),
    memory,
    ...makeListFetch(options, now),
  }
  const { revocation, settings } = options
  return async (leaf, others, times) => {
    try {
      const intermediates = [...others, ...given]
      return await findCertificatePath(leaf, { anchors, intermediates, lists, revocation, settings: { ...settings, ...times } })
    } catch (error) {
      if (error instanceof CertificatePathError) throw refusePath(error, [leaf, ...others])
      throw error
    }
  }
}

/** Asks for lists at the addresses that are configured, and at no other. */
function makeListFetch(
  { distributionPoints, fetch, crls }: ParsedTrustOptions,
  now: () => number,
): Omit<ListSource, 'given' | 'memory'> {
  if (fetch === undefined) return {}
  const caches = new Map(
    distributionPoints.map((address, index) => [address, new ListCache(address, crls.length + index, fetch, now)]),
  )
  return {
    fetch: (address) => caches.get(address)?.find(),
    recall: (address) => caches.get(address)?.confirmed ?? [],
    // That a list is of use is said of where it is looked for, not of where it is by mistake.
    confirm: ({ list, key, isOfUse, addresses }) => {
      for (const [address, cache] of caches) cache.confirm(list, key, addresses.has(address) ? isOfUse : undefined)
    },
    askAgain: (address) => caches.get(address)?.askAgain(),
  }
}

function read<Parsed>(
  parse: (encoded: unknown, reference: CertificateReference) => Parsed,
  encoded: unknown,
  reference: CertificateReference,
): Parsed {
  try {
    return parseGiven(parse, encoded, reference)
  } catch (cause) {
    if (!(cause instanceof CertificatePathError)) throw cause
    throw new TypeError(`${describePlace(reference)}: ${cause.message}`, { cause })
  }
}
