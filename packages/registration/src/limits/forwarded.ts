/** A header in which proxies write down where a request comes from: the usual one, and the one of RFC 7239. */
export type ForwardingHeader = 'x-forwarded-for' | 'forwarded'

/**
 * The addresses in such a header, the last one first: that of the connection the last proxy had. Nothing stands for an element without
 * an address, such as `for=_hidden` (RFC 7239 6.3). Ports are left out.
 */
export function listForwardedAddresses(value: string, header: ForwardingHeader): readonly (string | undefined)[] {
  if (value.trim() === '') return []
  if (header === 'x-forwarded-for') return value.split(',').reverse().map(readNode)
  return splitFromRight(value).map((element) => readNode(readFor(element)))
}

/**
 * Splits at the commas outside of quotes, beginning at the end: what proxies of one's own have written is well-formed, and a quote
 * that a client has left open further left takes nothing of it away.
 */
function splitFromRight(value: string): readonly string[] {
  const elements: string[] = []
  let isQuoted = false
  let end = value.length
  for (let at = value.length - 1; at >= 0; at--) {
    if (value[at] === '"') isQuoted = !isQuoted
    if (value[at] !== ',' || isQuoted) continue
    elements.push(value.slice(at + 1, end))
    end = at
  }
  return [...elements, value.slice(0, end)]
}

/** The value of `for` in an element: names are case-insensitive, and an IPv6 address is quoted (RFC 7239 4, 6). */
function readFor(element: string): string {
  const pairs = element.split(';').map((pair) => /^\s*for=(?:"([^"]*)"|([^\s"]*))\s*$/i.exec(pair))
  const found = pairs.filter((match) => match !== null)
  const [match] = found
  return found.length === 1 && match ? (match[1] ?? match[2] ?? '') : ''
}

/** An address without its port: `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]`, `[2001:db8::1]:4711` or bare IPv6. */
function readNode(text: string): string | undefined {
  const node = text.trim()
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(node) ?? []
  if (bracketed !== undefined) return bracketed
  const [, v4] = /^([\d.]+)(?::\d{1,5})?$/.exec(node) ?? []
  if (v4 !== undefined) return v4
  return /^[0-9a-f:.]+$/i.test(node) ? node : undefined
}
