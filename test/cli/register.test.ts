import type { JsonObject } from '@software-statement/core'
import {
  createGuardedSend,
  GuardedFetchError,
  type GuardedMessage,
  type GuardedSend,
  type GuardedSendOptions,
} from '@software-statement/verifier'
import { afterEach, describe, expect, test } from 'vitest'
import { type Host, serve } from '../support/http-host.js'
import { makeStatement } from '../support/make-jws.js'
import { runCli, type World } from './support.js'

const server = 'https://as.example'
const registration_endpoint = `${server}/reg`
const secrets = { client_secret: 'secret-0123456789', registration_access_token: 'token-0123456789' }
const registered = { client_id: 'x', ...secrets, registration_client_uri: `${registration_endpoint}/x`, client_name: 'Mail' }
const argv = ['register', server, '--metadata', 'request.json']

interface Sent extends GuardedMessage {
  readonly url: string
}

type Reply = readonly [status: number, body: string | object, headers?: Readonly<Record<string, string>>]

/** A server that has an answer for each URL, and remembers what it was asked. */
function answerWith(replies: Readonly<Record<string, Reply>>) {
  const sent: Sent[] = []
  const send: GuardedSend = async (url, message) => {
    sent.push({ url, ...message })
    const [status, body, headers = {}] = replies[url] ?? [404, '']
    return { status, headers: new Headers(headers), body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }
  }
  return { send, sent }
}

const wellKnown = (issuer = server) => {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`
}
const metadata = (issuer = server, members: object = {}): Reply => [200, { issuer, registration_endpoint, ...members }]
const answering = (reply: Reply) => answerWith({ [wellKnown()]: metadata(), [registration_endpoint]: reply })

describe('register', () => {
  test('sends metadata, statement and token to where the metadata of the server says, and gives the answer whole', async () => {
    const { send, sent } = answering([201, registered])
    const statement = ['--statement', 'statement.jwt', '--token', 'env:TOKEN']
    const { exit, stdout, stderr } = await runCli([...argv, ...statement], { send, env: { TOKEN: 'abc.def~1' } })
    expect({ exit, answer: JSON.parse(stdout), stderr }).toEqual({ exit: 0, answer: registered, stderr: '' })
    expect(sent).toEqual([
      { url: wellKnown(), method: 'GET' },
      {
        url: registration_endpoint,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer abc.def~1' },
        body: JSON.stringify({ client_name: 'Totally Mail', scope: 'openid', software_statement: makeStatement() }),
      },
    ])
  })

  test('with --out keeps the answer in a file for its owner only, and shows it without secrets', async () => {
    const { exit, stdout, stderr, written } = await runCli([...argv, '--out', 'client.json'], answering([201, registered]))
    const { text = '', mode } = written.get('client.json') ?? {}
    expect({ exit, saved: JSON.parse(text), mode }).toEqual({ exit: 0, saved: registered, mode: 0o600 })
    expect(JSON.parse(stdout)).toEqual({ ...registered, client_secret: '[redacted]', registration_access_token: '[redacted]' })
    for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret)
  })

  test('makes nothing that could not be kept', async () => {
    const { send, sent } = answering([201, registered])
    const { exit, stderr } = await runCli([...argv, '--out', 'request.json'], { send })
    expect({ exit, stderr, sent }).toEqual({
      exit: 2,
      stderr: 'software-statement: request.json: it is there already: --force replaces it\n',
      sent: [],
    })
    const forced = await runCli([...argv, '--out', 'request.json', '--force'], { send })
    expect([forced.exit, [...forced.written.keys()]]).toEqual([0, ['request.json']])
  })

  test('tells everything where it could not be kept all the same', async () => {
    const world: World = { ...answering([201, registered]), diskIsFull: true }
    const { exit, stdout, stderr } = await runCli([...argv, '--out', 'client.json'], world)
    expect({ exit, answer: JSON.parse(stdout), stderr }).toEqual({
      exit: 2,
      answer: registered,
      stderr: expect.stringContaining('standard output'),
    })
  })

  test.each<[string, Reply, number, string]>([
    [
      'a refusal',
      [400, { error: 'invalid_redirect_uri', error_description: 'A redirect URI is not allowed' }],
      1,
      'invalid_redirect_uri: A redirect URI is not allowed\n',
    ],
    ['a refusal without a description', [401, { error: 'invalid_token' }], 1, 'invalid_token\n'],
    ['a refusal that says nothing', [403, '<html>'], 1, 'the server answered 403\n'],
    [
      'a refusal with what a terminal obeys',
      [400, { error: 'a\u200b', error_description: 'b\u202e' }],
      1,
      'a\\u200b: b\\u202e\n',
    ],
    [
      'too many requests',
      [429, { error: 'too_many_requests' }, { 'retry-after': '30' }],
      3,
      'too_many_requests (try again after 30 seconds)\n',
    ],
    ['an outage', [503, { error: 'temporarily_unavailable' }], 3, 'temporarily_unavailable\n'],
    ['a broken server', [500, 'oops'], 3, 'the server answered 500\n'],
    ['an answer that is no JSON', [201, 'created'], 3, 'the server answered 201 without a JSON object\n'],
    [
      'an answer with two secrets',
      [201, '{"client_id":"x","client_secret":"a","client_secret":"b"}'],
      3,
      'the server answered 201 without a JSON object\n',
    ],
    [
      'an answer without a client',
      [201, {}],
      3,
      'the server answered without a client_id: whether there is a client now is not known\n',
    ],
  ])('of %s tells why, and keeps nothing', async (_, reply, code, reason) => {
    const { exit, stdout, stderr, written } = await runCli([...argv, '--out', 'client.json'], answering(reply))
    expect({ exit, stdout, stderr, written: [...written.keys()] }).toEqual({
      exit: code,
      stdout: '',
      stderr: reason,
      written: [],
    })
  })

  test('takes 200 for 201, and says what cannot be done without a token', async () => {
    const { exit, stderr } = await runCli(argv, answering([200, { client_id: 'x' }]))
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/^note: .* cannot be read/) })
  })
})

describe('where to register', () => {
  test.each([
    [
      'https://as.example',
      'https://as.example/.well-known/oauth-authorization-server',
      'https://as.example/.well-known/openid-configuration',
    ],
    [
      'https://as.example/',
      'https://as.example/.well-known/oauth-authorization-server',
      'https://as.example/.well-known/openid-configuration',
    ],
    [
      'https://as.example/a/b',
      'https://as.example/.well-known/oauth-authorization-server/a/b',
      'https://as.example/a/b/.well-known/openid-configuration',
    ],
  ])('of %s stands at %s, or else at %s', async (issuer, first, second) => {
    const command = ['register', issuer, '--metadata', 'request.json']
    const reply: Reply = [201, registered]
    const inserted = answerWith({ [first]: metadata(issuer), [registration_endpoint]: reply })
    expect((await runCli(command, inserted)).exit).toBe(0)
    const appended = answerWith({ [second]: metadata(issuer), [registration_endpoint]: reply })
    expect((await runCli(command, appended)).exit).toBe(0)
    expect(appended.sent.map(({ url }) => url)).toEqual([first, second, registration_endpoint])
    expect(inserted.sent).toHaveLength(2)
  })

  test.each<[string, Reply, number, RegExp]>([
    ['another issuer', metadata('https://other.example'), 1, /calls itself "https:\/\/other\.example"/],
    ['an issuer with a slash more', metadata(`${server}/`), 1, /not exactly/],
    ['no issuer', [200, { registration_endpoint }], 1, /calls itself nothing/],
    ['no registration', [200, { issuer: server }], 1, /no registration endpoint/],
    ['no metadata', [404, ''], 1, /404/],
    ['an outage', [503, ''], 3, /503/],
    ['metadata that are none', [200, '[]'], 3, /without a JSON object/],
  ])('is not known of a server with %s', async (_, reply, code, reason) => {
    const { send, sent } = answerWith({ [wellKnown()]: reply, [registration_endpoint]: [201, registered] })
    const { exit, stdout, stderr } = await runCli(argv, { send })
    expect({ exit, stdout, stderr }).toEqual({ exit: code, stdout: '', stderr: expect.stringMatching(reason) })
    expect(sent.map(({ url }) => url)).not.toContain(registration_endpoint)
  })

  test.each([
    'as.example',
    'http://as.example',
    'ftp://localhost',
    'https://user:hunter2@as.example',
    'https://as.example/#x',
    'http://127.0.0.2',
  ])('is not asked of %s, which names no server', async (name) => {
    const { exit, stderr } = await runCli(['register', name, '--metadata', 'request.json'])
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(/^software-statement: SERVER must be/) })
    expect(stderr).not.toContain('hunter2')
  })

  test.each([
    ['https://as.example', [{ allowHosts: ['as.example'], timeout: 30 }]],
    ['https://as.internal:8443/a', [{ allowHosts: ['as.internal:8443'], timeout: 30 }]],
    ['http://localhost:7591', [{ allowHttp: ['localhost:7591'] }]],
  ])('lets only the host of %s be private', async (name, given) => {
    const options: GuardedSendOptions[] = []
    const createSend = (rules: GuardedSendOptions): GuardedSend => {
      options.push(rules)
      return async () => Promise.reject(new GuardedFetchError('network', 'no network'))
    }
    const { exit, stderr } = await runCli(['register', name, '--metadata', 'request.json'], { createSend })
    expect({ exit, stderr, options }).toEqual({ exit: 3, stderr: 'the server could not be asked: no network\n', options: given })
  })
})

describe('a server on this machine', () => {
  const hosts: Host[] = []
  afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())))

  /** Its metadata say where to register. */
  async function host(endpointOf: (origin: string) => string): Promise<string> {
    const made = await serve((origin) => async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/reg') return Response.json(registered, { status: 201 })
      return Response.json({ issuer: origin, registration_endpoint: endpointOf(origin) })
    })
    hosts.push(made)
    return made.origin
  }
  const createSend = (options: GuardedSendOptions) => createGuardedSend(options)

  test('is asked, over http', async () => {
    const origin = await host((own) => `${own}/reg`)
    const { exit } = await runCli(['register', origin, '--metadata', 'request.json'], { createSend })
    expect(exit).toBe(0)
  })

  test.each([
    ['a service of the cloud', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a private network', () => 'https://10.0.0.1/reg'],
    ['another port of this machine', (own: string) => own.replace(/\d+$/, '1')],
    ['this machine under another name', (own: string) => own.replace('127.0.0.1', 'localhost')],
  ])('leads nobody to %s', async (_, endpointOf) => {
    const origin = await host(endpointOf)
    const { exit, stdout, stderr } = await runCli(['register', origin, '--metadata', 'request.json'], { createSend })
    expect({ exit, stdout, stderr }).toEqual({
      exit: 3,
      stdout: '',
      stderr: expect.stringMatching(/^the server could not be asked: /),
    })
  })
})

describe('a token', () => {
  const send = answering([201, registered]).send

  test.each([
    ['as it is', 'abc', {}],
    ['in a file', 'file:token.txt', { files: { 'token.txt': 'abc\n' } }],
    ['in a variable', 'env:TOKEN', { env: { TOKEN: 'abc' } }],
  ])('%s is sent', async (_, token, world) => {
    const { sent, send: record } = answering([201, registered])
    expect((await runCli([...argv, '--token', token], { ...world, send: record })).exit).toBe(0)
    expect(sent.at(-1)?.headers).toMatchObject({ authorization: 'Bearer abc' })
  })

  test.each([
    ['two words', 'hunter2 hunter2'],
    ['a header', 'hunter2\r\nX: y'],
    ['a variable there is not', 'env:HUNTER2'],
    ['a secret in place of a variable', 'env:hunter2!'],
    ['a file there is not', 'file:hunter2hunter2hunter2hunter2hunter2hunter2hunter2'],
  ])('that is %s is none, and is not repeated', async (_, token) => {
    const { exit, stdout, stderr } = await runCli([...argv, '--token', token], { send })
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringContaining('--token') })
    expect(stderr).not.toContain('hunter2')
  })
})

describe('misuse', () => {
  test.each<[string, readonly string[], JsonObject | undefined, RegExp]>([
    ['--force without a file', [...argv, '--force'], undefined, /--force/],
    ['standard input for --out', [...argv, '--out', '-'], undefined, /--out -/],
    ['two statements', [...argv, '--statement', 'statement.jwt'], { software_statement: 'a.b.c' }, /another software_statement/],
    ['metadata that are no object', ['register', server, '--metadata', 'statement.jwt'], undefined, /statement\.jwt/],
  ])('of %s is exit code 2', async (_, words, request, reason) => {
    const { send, sent } = answering([201, registered])
    const files = request === undefined ? {} : { 'request.json': request }
    const { exit, stderr } = await runCli(words, { send, files })
    expect({ exit, stderr, sent }).toEqual({ exit: 2, stderr: expect.stringMatching(reason), sent: [] })
  })
})
