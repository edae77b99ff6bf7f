import { once } from 'node:events'
import { createRegistrationEndpoint, memoryClientStore } from '@software-statement/registration'
import { createNodeServer, type NodeServer } from '@software-statement/registration/node'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

// Over real sockets: what a public suite of bodies for parsers would send, and worse.
vi.setConfig({ testTimeout: 120_000 })

let made: NodeServer
let url: string
let client: { readonly registration_client_uri: string; readonly registration_access_token: string }
const faults: unknown[] = []

beforeAll(async () => {
  const issuer = 'http://localhost'
  const rateLimits = {
    attempt: async <Result>(_: object, check: () => Promise<Result>) => check(),
    countRegistration: async () => undefined,
    countFailure: async () => undefined,
    countSoftware: async () => undefined,
  }
  const endpoint = createRegistrationEndpoint({
    issuer,
    store: memoryClientStore(),
    rateLimits,
    onError: (fault) => faults.push(fault),
  })
  made = createNodeServer(endpoint, { onError: (fault) => faults.push(fault) })
  made.server.listen(0, '127.0.0.1')
  await once(made.server, 'listening')
  const address = made.server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/reg`
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: '{"redirect_uris":["https://mail.example/cb"]}' })
  client = JSON.parse(await response.text())
})
afterAll(() => made.drain(0))

/** Whether an answer is what every answer is: JSON of the table, or a registration. */
async function isSound(response: Response): Promise<boolean> {
  const members: Readonly<Record<string, unknown>> = JSON.parse(await response.text())
  if (response.status === 201 || response.status === 200) return typeof members.client_id === 'string'
  const isError = typeof members.error === 'string' && /^[\x20-\x7e]+$/.test(String(members.error_description))
  return [400, 401, 413].includes(response.status) && isError
}

const register = (body: Uint8Array<ArrayBuffer>, type = 'application/json') =>
  fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
const update = (body: Uint8Array<ArrayBuffer>) =>
  fetch(url + new URL(client.registration_client_uri).pathname.slice('/reg'.length), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${client.registration_access_token}` },
    body,
  })

const bytes = (...values: readonly number[]) => new Uint8Array(values)
const text = (value: string) => new TextEncoder().encode(value)

describe('a body', () => {
  test.each<[string, Uint8Array<ArrayBuffer>]>([
    ['nothing', bytes()],
    ['a byte order mark', bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0)],
    ['UTF-8 that is none', bytes(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ['an overlong slash', bytes(0x22, 0xc0, 0xaf, 0x22)],
    ['NUL', bytes(0)],
    ['lone surrogates', text('{"client_name":"\\ud800"}')],
    ['a number without end', text(`{"a":${'9'.repeat(100_000)}}`)],
    ['a number beyond all', text('{"a":1e999999}')],
    ['half a number', text('{"a":-}')],
    ['half a literal', text('{"a":tru}')],
    ['a text without end', text('{"a":"')],
    ['a comment', text('{/**/}')],
    ['a comma too many', text('{"a":1,}')],
    ['single quotes', text("{'a':1}")],
    ['two documents', text('{}{}')],
    ['an array', text('[]')],
    ['null', text('null')],
    ['names of the prototype', text('{"__proto__":{"client_name":"x"},"constructor":1}')],
    ['a name twice', text('{"client_name":"a","client_name":"b"}')],
    ['arrays in arrays', text('['.repeat(100_000))],
    ['many members', text(`{${Array.from({ length: 10_000 }, (_, at) => `"${at}":0`).join()}}`)],
    [
      'many redirect URIs',
      text(JSON.stringify({ redirect_uris: Array.from({ length: 1000 }, (_, at) => `https://a.example/${at}`) })),
    ],
    ['texts for everything', text(JSON.stringify({ redirect_uris: 'x', grant_types: 'x', jwks: 'x', contacts: 1, scope: [] }))],
  ])('of %s is answered with an error of the table, at both endpoints', async (_, body) => {
    for (const response of [await register(body), await update(body)]) {
      expect([response.status >= 400, await isSound(response)]).toEqual([true, true])
    }
  })

  test('of whatever bytes and whatever type is', async () => {
    const type = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'text/plain',
      'application/x-www-form-urlencoded',
      'x',
    )
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 4000 }),
      fc.string({ unit: 'binary', maxLength: 500 }).map(text),
      fc.json().map(text),
      fc
        .dictionary(
          fc.constantFrom('redirect_uris', 'jwks', 'scope', 'client_name', 'grant_types', 'contacts', 'client_id'),
          fc.jsonValue(),
        )
        .map((value) => text(JSON.stringify(value))),
    )
    await fc.assert(
      fc.asyncProperty(body, type, async (given, named) => {
        const bytesOf = new Uint8Array(given)
        expect(await isSound(await register(bytesOf, named))).toBe(true)
        expect(await isSound(await update(bytesOf))).toBe(true)
      }),
      { numRuns: 300 },
    )
    expect(faults).toEqual([])
  })
})
