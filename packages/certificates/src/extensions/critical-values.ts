import { DerFault } from '../der/der-fault.js'
import { type DerReader, readWhole, tags } from '../der/der-reader.js'
import { readGeneralNames } from '../names/general-name.js'
import { extensionIdentifiers, issuerAltName } from './identifiers.js'
import { checkPolicyQualifiers } from './policy-qualifiers.js'

interface CriticalValue {
  readonly clause: string
  /** Throws `DerFault`. */
  readonly check: (content: DerReader) => void
}

/** What no path depends on, so that it is read where it is critical only. */
const criticalValues: ReadonlyMap<string, CriticalValue> = new Map<string, CriticalValue>([
  [extensionIdentifiers.certificatePolicies, { clause: '4.2.1.4', check: checkPolicyQualifiers }],
  [issuerAltName, { clause: '4.2', check: readGeneralNames }],
])

/** What of the value of a critical extension is not understood, though the extension is (RFC 5280 4.2, 4.2.1.4). */
export function findUnknownValue(
  identifier: string,
  value: Uint8Array,
): { readonly message: string; readonly clause: string } | undefined {
  const known = criticalValues.get(identifier)
  if (known === undefined) return undefined
  try {
    readWhole(value, tags.sequence, known.check)
    return undefined
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    return { message: error.message, clause: known.clause }
  }
}
