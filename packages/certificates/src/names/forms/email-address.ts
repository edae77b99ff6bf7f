import { isWithinDomain, parseHostName } from './dns-name.js'

/** A mailbox (RFC 5321 4.1.2): the part before the last `@` keeps its case, the host is in lower case. */
export interface Mailbox {
  readonly local: string
  readonly host: string
}

/** Atoms with dots between, or a quoted string. */
const localPart = /^(?:[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*")$/

/** `undefined` for a text that is no mailbox. */
export function parseMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const host = parseHostName(text.slice(at + 1))
  return at > 0 && host !== undefined && localPart.test(local) ? { local, host } : undefined
}

/** A constraint on mailboxes (RFC 5280 4.2.1.10): one of them, all on a host, or, with a period in front, all below a domain. */
export function parseEmailConstraint(text: string): ((mailbox: Mailbox) => boolean) | undefined {
  if (text === '') return () => true
  if (text.includes('@')) {
    const only = parseMailbox(text)
    return only && (({ local, host }) => local === only.local && host === only.host)
  }
  const domain = parseHostName(text.startsWith('.') ? text.slice(1) : text)
  if (domain === undefined) return undefined
  return text.startsWith('.') ? ({ host }) => host !== domain && isWithinDomain(host, domain) : ({ host }) => host === domain
}
