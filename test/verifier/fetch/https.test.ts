import dns from 'node:dns'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import {
  createGuardedFetch,
  GuardedFetchError,
  type GuardedFetchOptions,
  type GuardedRequest,
  trustIssuers,
} from '@software-statement/verifier'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeCertificates, serverNames, startServer, type TestServer } from '../../support/https-server.js'
import { set } from '../../support/key-server.js'
import { issuer, makeStatement } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'
import { verify } from '../../support/registration.js'

// Real servers, real TLS, real sockets: what leaves this process is what is tested.

const [, name] = serverNames
const json = { 'content-type': 'application/json' }
/** An address in the public range that belongs to nobody: no route leads there. */
const publicAddress = '2000::1'

let certificates: Awaited<ReturnType<typeof makeCertificates>>
let server: TestServer
/** Where a redirect leads: it must never be reached. */
let forbidden: TestServer
let answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>

beforeAll(async () => {
  certificates = await makeCertificates()
  server = await startServer((request, response) => answers[request.url ?? '']?.(request, response), certificates)
  forbidden = await startServer((_, response) => response.writeHead(200, json).end(set), certificates)
  const redirect = (status: number, location: string) => (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { ...json, location }).end(set)
  answers = {
    '/jwks': (_, response) => response.writeHead(200, json).end(set),
    '/echo': ({ method, headers, rawHeaders }, response) =>
      response.writeHead(200, { ...json, 'set-cookie': 'a=b' }).end(JSON.stringify({ method, headers, names: rawHeaders })),
    '/metadata': redirect(302, 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'),
    '/metadata-v6': redirect(307, 'http://[fd00:ec2::254]/latest/meta-data/'),
    '/elsewhere': redirect(301, `https://127.0.0.1:${forbidden.port}/jwks`),
    '/itself': redirect(308, '/jwks'),
    '/multiple': redirect(300, '/jwks'),
    '/refresh': (_, response) => response.writeHead(200, { ...json, refresh: '0; url=/echo' }).end(set),
    '/unmodified': (_, response) => response.writeHead(304).end(),
    '/silent': () => undefined,
    '/slow-headers': (_, response) => {
      const timer = setInterval(() => response.writeProcessing(), 10)
      response.on('close', () => clearInterval(timer))
    },
    '/slow-body': (_, response) => {
      response.writeHead(200, json)
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    },
    '/endless': (_, response) => {
      response.writeHead(200, json)
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536))) {}
      }
      response.on('drain', more)
      more()
    },
    '/short-length': ({ socket }) => {
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n${set}`)
    },
    '/long-headers': (_, response) => response.writeHead(200, { ...json, 'x-a': 'a'.repeat(100_000) }).end(set),
    '/largest': (_, response) => response.writeHead(200, json).end(' '.repeat(256 * 1024)),
    '/too-large': (_, response) => response.writeHead(200, json).end(' '.repeat(256 * 1024 + 1)),
    '/bomb': (_, response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10 * 1024 * 1024, 0x20))),
    '/html': (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    '/missing': (_, response) => response.writeHead(404, json).end('{}'),
    '/reset': ({ socket }) => socket.destroy(),
    '/reset-body': (_, response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' }).write('{')
      setImmediate(() => response.destroy())
    },
  }
})

afterAll(() => Promise.all([server.close(), forbidden.close()]))

const open = (options: GuardedFetchOptions = {}) =>
  createGuardedFetch({
    ca: certificates.ca,
    allowHosts: [`${name}:${server.port}`],
    resolve: async () => ['127.0.0.1'],
    ...options,
  })
const url = (path: string, host: string = name) => `https://${host}:${server.port}${path}`

/** Why a request is refused, or the body of its answer. */
async function reasonOf(path: string, options: GuardedFetchOptions = {}, request: GuardedRequest = {}): Promise<string> {
  const address = path.startsWith('/') ? url(path) : path
  try {
    return Buffer.from((await open(options)(address, request)).body).toString()
  } catch (error) {
    if (error instanceof GuardedFetchError) return error.reason
    throw error
  }
}

/** A resolver of the system, in the form of `dns.lookup`, for which every name is this machine. */
const answerPrivately = ((_name: string, { all }: dns.LookupOptions, callback: (...answer: unknown[]) => void) => {
  const answer = all === true ? [[{ address: '127.0.0.1', family: 4 }]] : ['127.0.0.1', 4]
  setImmediate(() => callback(null, ...answer))
}) as unknown as typeof dns.lookup // called here with options only

describe('the address', () => {
  test('that was judged is the one that is connected to, whatever the name means to the system', async () => {
    const asked: string[] = []
    const resolve = async (hostname: string) => {
      asked.push(hostname)
      return ['127.0.0.1']
    }
    expect(await reasonOf('/jwks', { resolve })).toBe(set)
    expect(asked).toEqual([name])
  })

  test('is judged anew with each request', async () => {
    const resolutions = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1']]
    const fetch = open({ resolve: async () => resolutions.shift() ?? [] })
    await expect(fetch(url('/jwks'))).resolves.toMatchObject({ status: 200 })
    await expect(fetch(url('/jwks'))).rejects.toMatchObject({ reason: 'address' })
    await expect(fetch(url('/jwks'))).resolves.toMatchObject({ status: 200 })
  })

  test('of a name that answers public first and private then is asked for once, and the private one never connected to', async () => {
    // Whoever asks the system in between gets the private one.
    const system = vi.spyOn(dns, 'lookup').mockImplementation(answerPrivately)
    onTestFinished(() => system.mockRestore())
    const before = server.counts.connections
    const resolutions = [[publicAddress], ['127.0.0.1']]
    let asked = 0
    const resolve = async () => {
      asked++
      return resolutions.shift() ?? ['127.0.0.1']
    }
    // The name is not on the allow-list; its port is.
    const fetch = createGuardedFetch({ ca: certificates.ca, ports: [server.port], resolve, timeout: 0.2 })
    await expect(fetch(url('/jwks'))).rejects.toMatchObject({ reason: expect.stringMatching(/^(timeout|network)$/) })
    expect(asked).toBe(1)
    await expect(fetch(url('/jwks'))).rejects.toMatchObject({ reason: 'address' })
    expect(asked).toBe(2)
    expect(server.counts.connections).toBe(before)
    expect(system).not.toHaveBeenCalled()
  })

  test.each<[what: string, addresses: readonly string[], reason: string]>([
    ['a private one beside a public one', [publicAddress, '10.0.0.1'], 'address'],
    ['a private IPv6 one beside a public one', [publicAddress, 'fd00::1'], 'address'],
    ['this machine', ['127.0.0.1'], 'address'],
    ['this machine by IPv6', ['::1'], 'address'],
    ['this machine in IPv6', ['::ffff:127.0.0.1'], 'address'],
    ['a metadata service', ['169.254.169.254'], 'address'],
    ['a metadata service behind NAT64', ['64:ff9b::a9fe:a9fe'], 'address'],
    ['something that is none', ['localhost'], 'address'],
    ['none', [], 'network'],
  ])('%s is not connected to', async (_, addresses, reason) => {
    const before = server.counts.connections
    const options = { allowHosts: [], ports: [server.port], resolve: async () => addresses }
    expect(await reasonOf('/jwks', options)).toBe(reason)
    expect(server.counts.connections).toBe(before)
  })

  test.each(['127.0.0.1', '0x7f.1', '2130706433', '0177.0.0.1', '127.1', '[::1]', '[::ffff:7f00:1]', 'localhost', 'a.localhost'])(
    '%s in a URL is not connected to',
    async (host) => {
      const before = server.counts.connections
      expect(await reasonOf(url('/jwks', host), { allowHosts: [], ports: [server.port] })).toBe('address')
      expect(server.counts.connections).toBe(before)
    },
  )

  test('in a URL is connected to where it is on the allow-list', async () => {
    expect(await reasonOf(url('/jwks', '127.0.0.1'), { allowHosts: [`127.0.0.1:${server.port}`] })).toBe(set)
  })

  test.each(['169.254.169.254', 'fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16'])(
    'of a host on the allow-list may be private, but not the metadata service %s',
    async (address) => {
      expect(await reasonOf('/jwks', { resolve: async () => ['127.0.0.1', address] })).toBe('address')
    },
  )

  test('comes from the system where nothing else is given', async () => {
    const fetch = createGuardedFetch({ ca: certificates.ca, allowHosts: [`localhost:${server.port}`] })
    await expect(fetch(url('/jwks', 'localhost'))).resolves.toMatchObject({ status: 200 })
    const unknown = createGuardedFetch({ ports: [server.port] })
    await expect(unknown(url('/jwks'))).rejects.toMatchObject({ reason: 'network' })
  })

  test('that does not resolve in time is not waited for', async () => {
    expect(await reasonOf('/jwks', { resolve: () => new Promise(() => undefined), timeout: 0.05 })).toBe('timeout')
  })
})

describe('the server', () => {
  test('has to prove its name with a certificate that is trusted', async () => {
    expect(await reasonOf(url('/jwks', 'other.invalid'), { allowHosts: [`other.invalid:${server.port}`] })).toBe('network')
    const strange = createGuardedFetch({ allowHosts: [`${name}:${server.port}`], resolve: async () => ['127.0.0.1'] })
    await expect(strange(url('/jwks'))).rejects.toMatchObject({ reason: 'network' })
  })

  test('is asked by one plain GET, without cookies, and is let go afterwards', async () => {
    const fetch = open()
    await fetch(url('/echo'))
    const { headers, body } = await fetch(url('/echo'), { ifNoneMatch: '"a"' })
    const echo = JSON.parse(Buffer.from(body).toString())
    expect(echo).toMatchObject({
      method: 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'if-none-match': '"a"' },
    })
    expect(echo.headers.connection).toBe('close')
    for (const leak of ['cookie', 'authorization', 'referer', 'origin']) expect(echo.headers).not.toHaveProperty(leak)
    expect(headers.get('content-type')).toBe('application/json')
  })
})

describe('an answer', () => {
  test.each<[path: string, reason: string]>([
    ['/jwks', set],
    ['/refresh', set],
    ['/largest', ' '.repeat(256 * 1024)],
    ['/short-length', set.slice(0, 5)],
    ['/metadata', 'redirect'],
    ['/metadata-v6', 'redirect'],
    ['/elsewhere', 'redirect'],
    ['/itself', 'redirect'],
    ['/multiple', 'redirect'],
    ['/unmodified', 'redirect'],
    ['/endless', 'size'],
    ['/too-large', 'size'],
    ['/bomb', 'encoding'],
    ['/html', 'media-type'],
    ['/missing', 'status'],
    ['/reset', 'network'],
    ['/reset-body', 'network'],
    ['/long-headers', 'network'],
  ])('at %s', async (path, reason) => {
    const before = forbidden.counts.connections
    expect(await reasonOf(path)).toBe(reason)
    expect(forbidden.counts.connections).toBe(before)
  })

  test.each(['/silent', '/slow-headers', '/slow-body'])('at %s is given up in time', async (path) => {
    expect(await reasonOf(path, { timeout: 0.2 })).toBe('timeout')
  })

  test('at /unmodified is one where it was asked for', async () => {
    expect(await open()(url('/unmodified'), { ifNoneMatch: '"a"' })).toMatchObject({ status: 304, body: new Uint8Array() })
  })

  test('may be smaller or larger where that is configured', async () => {
    expect(await reasonOf('/jwks', { maxBytes: set.length })).toBe(set)
    expect(await reasonOf('/jwks', { maxBytes: set.length - 1 })).toBe('size')
    expect(await reasonOf('/too-large', { maxBytes: 256 * 1024 + 1 })).toHaveLength(256 * 1024 + 1)
  })

  test('may be of another kind where that is asked for', async () => {
    expect(await reasonOf('/html', {}, { accept: ['text/html'] })).toBe('<html>')
    expect(await reasonOf('/jwks', {}, { accept: ['text/html'] })).toBe('media-type')
  })

  test('is not waited for when nobody wants it any more', async () => {
    const controller = new AbortController()
    const answer = open()(url('/silent'), { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    await expect(open()(url('/jwks'), { signal: controller.signal })).rejects.toThrow('enough')
  })
})

test('1,000 verifications at once with a cold key set make one request', async () => {
  const before = server.counts.requests
  const trust = trustIssuers([{ issuer, jwksUri: url('/jwks') }], { fetch: open() })
  const statement = makeStatement()
  const outcomes = await Promise.all(Array.from({ length: 1000 }, () => outcomeOfPromise(verify(statement, { trust }))))
  expect(outcomes.filter((outcome) => outcome !== 'accepted')).toEqual([])
  expect(server.counts.requests - before).toBe(1)
})
