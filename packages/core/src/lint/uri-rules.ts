import { splitLanguageTag } from '../metadata/language-tag.js'
import { checkRedirectUri } from '../metadata/redirect-uri.js'
import { knownMembers } from '../metadata/registry.js'
import { toAscii } from '../metadata/text.js'
import { isLoopbackHost, readUri } from '../metadata/uri.js'
import { type Finding, find } from './finding.js'
import type { MetadataRule } from './metadata-subject.js'

/** Advice on redirect URIs that are allowed (RFC 8252 7 and 8), and on the hosts of other URIs. */
export const uriRules: readonly MetadataRule[] = [
  ({ metadata, partial, has }) => {
    // Without application_type a client is a web client, unless the rest of partial metadata says otherwise.
    const web = metadata.application_type === 'web' || (!partial && !has('application_type'))
    return (metadata.redirect_uris ?? []).flatMap((uri, index) => adviseRedirectUri(uri, `redirect_uris[${index}]`, web))
  },

  ({ metadata }) =>
    Object.entries(metadata).flatMap(([name, value]) => {
      const kind = knownMembers.get(splitLanguageTag(name).base)?.uri
      if (kind === undefined || kind === 'redirect' || kind === 'any') return []
      const local = (Array.isArray(value) ? value : [value]).some(isOnLocalMachine)
      return local ? [find('metadata/local-uri', `${toAscii(name)} is on the local machine`, name)] : []
    }),

  ({ metadata }) => {
    const hosts = new Set((metadata.redirect_uris ?? []).map(httpsHostOf).filter((host) => host !== undefined))
    if (hosts.size === 0) return []
    return Object.entries(metadata).flatMap(([name, value]) => {
      if (!displayMembers.has(splitLanguageTag(name).base)) return []
      const host = httpsHostOf(value)
      if (host === undefined || hosts.has(host)) return []
      return [find('metadata/display-uri-other-host', `${toAscii(name)} is on a host that no redirect URI is on`, name)]
    })
  },
]

/** The pages that RFC 7591 5 wants on the hosts of the redirect URIs. */
const displayMembers: ReadonlySet<string> = new Set(['client_uri', 'logo_uri', 'tos_uri', 'policy_uri'])

function adviseRedirectUri(uri: string, place: string, web: boolean): readonly Finding[] {
  // One that is not allowed is an issue of its own.
  if (checkRedirectUri(uri, { applicationType: 'native', implicit: false }) !== undefined) return []
  const reading = readUri(uri)
  if (reading.fault !== undefined || reading.scheme === 'https') return []
  const member = 'redirect_uris'
  const findings: Finding[] = []
  if (reading.scheme === 'http') {
    findings.push(find('metadata/http-redirect', `${place}: every program on the machine can listen there`, member))
    if (reading.hostname === 'localhost') {
      const message = `${place}: localhost may resolve to another interface; 127.0.0.1 and [::1] do not`
      findings.push(find('metadata/localhost-instead-of-literal', message, member))
    }
  } else {
    findings.push(find('metadata/private-scheme-redirect', `${place}: a claimed https URI is safer where there are any`, member))
    if (reading.host !== '') {
      const message = `${place}: one slash follows the scheme, because there is no host to name`
      findings.push(find('metadata/private-scheme-with-host', message, member))
    }
  }
  if (web) {
    const message = `${place}: a client with such a redirect URI has the application_type native`
    findings.push(find('metadata/native-redirect-of-web-client', message, member))
  }
  return findings
}

function isOnLocalMachine(uri: unknown): boolean {
  if (typeof uri !== 'string') return false
  const reading = readUri(uri)
  return reading.fault === undefined && isLoopbackHost(reading.hostname)
}

/** The host of an https URI. */
function httpsHostOf(uri: unknown): string | undefined {
  if (typeof uri !== 'string') return undefined
  const reading = readUri(uri)
  return reading.fault === undefined && reading.scheme === 'https' ? reading.hostname : undefined
}
