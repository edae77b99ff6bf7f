import {
  type CompiledMetadataPolicy,
  compileMetadataPolicy,
  type MetadataPolicy,
  MetadataPolicyError,
} from '@software-statement/core'
import { type UnknownMembers, validateConfiguredMember } from '../merge/configured-member.js'

/**
 * Compiles the server's own metadata policy. In a federation an operator that is not understood is ignored (OpenID Federation 1.0,
 * 6.1.3.2), for somebody else may; here there is nobody else, and a misspelled operator would bound nothing.
 *
 * Throws `MetadataPolicyError` for an illegal policy, with `ERR_POLICY_CRITICAL` for an operator that is not understood; `TypeError`
 * for a member that is not metadata here.
 */
export function compileServerPolicy(
  policy: MetadataPolicy | undefined,
  crit: readonly string[],
  unknownMembers: UnknownMembers,
): CompiledMetadataPolicy | undefined {
  for (const member of Object.keys(policy ?? {})) validateConfiguredMember(member, 'metadata_policy', unknownMembers)
  // Without a policy the critical operators have to be understood all the same.
  const compiled = compileMetadataPolicy(policy ?? {}, { crit })
  const understood = new Map(Object.entries(compiled.policy))
  for (const [member, operators] of Object.entries(policy ?? {})) {
    const kept = understood.get(member) ?? {}
    const name = Object.keys(operators).find((operator) => !Object.hasOwn(kept, operator))
    if (name === undefined) continue
    const message = `metadata policy for ${JSON.stringify(member)}: operator ${JSON.stringify(name)} is not understood`
    throw new MetadataPolicyError('ERR_POLICY_CRITICAL', message, { member })
  }
  return policy === undefined ? undefined : compiled
}
