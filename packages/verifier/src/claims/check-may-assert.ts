import {
  type ClientMetadata,
  type IssuerRules,
  isAllowedRedirectHost,
  type JsonObject,
  parseScope,
  redirectMembers,
  splitLanguageTag,
  UnapprovedStatementError,
} from '@software-statement/core'

/**
 * Checks that an issuer stays within what it may vouch for: without that, any trusted issuer could speak for anybody's
 * software.
 *
 * Throws `UnapprovedStatementError`.
 */
export function checkMayAssert(metadata: ClientMetadata, unknown: JsonObject, { mayAssert }: IssuerRules): void {
  if (mayAssert === undefined) return
  const { software_id, redirectHosts, scope, grant_types, members } = mayAssert

  if (software_id && !(metadata.software_id !== undefined && software_id.includes(metadata.software_id))) {
    throw refusal('ERR_SOFTWARE_ID_NOT_ALLOWED', 'software_id')
  }
  const foreignRedirects = redirectHosts && redirectMembers.find((name) => !areWithin(metadata[name], redirectHosts))
  if (foreignRedirects !== undefined) throw refusal('ERR_REDIRECT_HOST_NOT_ALLOWED', foreignRedirects)
  if (scope && !parseScope(metadata.scope ?? '')?.every((token) => scope.includes(token))) {
    throw refusal('ERR_SCOPE_NOT_ALLOWED', 'scope')
  }
  if (grant_types && !(metadata.grant_types ?? []).every((type) => grant_types.includes(type))) {
    throw refusal('ERR_GRANT_TYPE_NOT_ALLOWED', 'grant_types')
  }
  const foreign =
    members && Object.keys({ ...metadata, ...unknown }).find((name) => !members.includes(splitLanguageTag(name).base))
  if (foreign !== undefined) throw refusal('ERR_MEMBER_NOT_ALLOWED', foreign)
}

/** Whether every URI of a member that holds redirect URIs, if it is there, has an allowed host. */
function areWithin(uris: unknown, hosts: readonly string[]): boolean {
  return !Array.isArray(uris) || uris.every((uri) => isAllowedRedirectHost(uri, hosts))
}

function refusal(code: UnapprovedStatementError['code'], member: string) {
  return new UnapprovedStatementError(code, 'the issuer may not vouch for this', { member })
}
