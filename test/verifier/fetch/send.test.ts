import { gzipSync } from 'node:zlib'
import { createGuardedSend, GuardedFetchError, type GuardedSendOptions } from '@software-statement/verifier'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Host, serve } from '../../support/http-host.js'
import { makeCertificates, startServer, type TestServer } from '../../support/https-server.js'

// Real servers and sockets, over TLS and without.

let secure: TestServer
let ca: string
let plain: Host
const answer = async (request: Request) => {
  const { pathname } = new URL(request.url)
  if (pathname === '/moved') return new Response(null, { status: 307, headers: { location: '/echo' } })
  if (pathname === '/packed') return new Response(gzipSync('{}'), { headers: { 'content-encoding': 'gzip' } })
  if (pathname === '/gone') return new Response(null, { status: 204 })
  if (pathname === '/long') return new Response('a'.repeat(300 * 1024))
  if (pathname === '/silent') return new Promise<never>(() => undefined)
  const { method, headers } = request
  const told = {
    method,
    type: headers.get('content-type'),
    authorization: headers.get('authorization'),
    body: await request.text(),
  }
  return Response.json(told, { status: 400 })
}

beforeAll(async () => {
  const certificates = await makeCertificates()
  ca = certificates.ca
  secure = await startServer((request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ method: request.method }))
  }, certificates)
  plain = await serve(() => answer)
})
afterAll(() => Promise.all([secure.close(), plain.close()]))

const hostOf = (origin: string) => new URL(origin).host
const here = () => ({ allowHttp: [hostOf(plain.origin)] })
const reasonOf = (url: string, options: GuardedSendOptions = {}) =>
  createGuardedSend(options)(url, { method: 'POST', body: '{}' }).then(
    ({ status }) => status,
    (error: unknown) => (error instanceof GuardedFetchError ? error.reason : error),
  )

describe('what is sent', () => {
  test('arrives with its method, headers and body, and the answer is given whatever its status', async () => {
    const send = createGuardedSend(here())
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer a' }
      const { status, body } = await send(`${plain.origin}/echo`, { method, headers, body: '{"a":1}' })
      const told = { method, type: 'application/json', authorization: 'Bearer a', body: '{"a":1}' }
      expect([status, JSON.parse(Buffer.from(body).toString())]).toEqual([400, told])
    }
    const { status, body } = await send(`${plain.origin}/gone`, { method: 'GET' })
    expect([status, body.length]).toEqual([204, 0])
  })

  test('goes over TLS to hosts that are allowed', async () => {
    const host = `localhost:${secure.port}`
    expect(await reasonOf(`https://${host}/reg`, { ca, allowHosts: [host] })).toBe(201)
    expect(await reasonOf(`https://${host}/reg`, { allowHosts: [host] })).toBe('network')
    expect(await reasonOf(`https://${host}/reg`, { ca })).toBe('url')
  })

  test.each([
    ['a redirect', '/moved', 'redirect'],
    ['an answer that is packed', '/packed', 'encoding'],
    ['an answer without end', '/long', 'size'],
    ['no answer', '/silent', 'timeout'],
  ])('%s is none', async (_, path, reason) => {
    expect(await reasonOf(`${plain.origin}${path}`, { ...here(), timeout: 1 })).toBe(reason)
  })

  test('goes over http to hosts of this machine only, and only where they are named', async () => {
    expect(await reasonOf(`${plain.origin}/echo`)).toBe('url')
    expect(await reasonOf(`${plain.origin}/echo`, { allowHosts: [hostOf(plain.origin)] })).toBe('url')
    expect(await reasonOf(`${plain.origin}/echo`, { allowHttp: ['127.0.0.1:1'] })).toBe('url')
    for (const host of ['192.0.2.1', '10.0.0.1', '169.254.169.254', '[fd00::1]', '8.8.8.8']) {
      expect(await reasonOf(`http://${host}/reg`, { allowHttp: [host] })).toBe('address')
    }
    const resolve = async () => ['127.0.0.1', '10.0.0.1']
    expect(await reasonOf('http://as.example/reg', { allowHttp: ['as.example'], resolve })).toBe('address')
    expect(await reasonOf('http://user:pw@127.0.0.1/reg', { allowHttp: ['127.0.0.1'] })).toBe('url')
  })

  test('ends with the signal of whoever sends', async () => {
    const abort = new AbortController()
    const sent = createGuardedSend(here())(`${plain.origin}/silent`, { method: 'GET', signal: abort.signal })
    abort.abort(new Error('no longer wanted'))
    await expect(sent).rejects.toThrow('no longer wanted')
  })

  test.each([{ allowHttp: ['http://localhost'] }, { allowHttp: ['LOCALHOST'] }, { allowHttp: ['localhost:80'] }])(
    'misuse is a TypeError: %j',
    (options) => {
      expect(() => createGuardedSend(options)).toThrow(TypeError)
      expect(() => createGuardedSend(options)).toThrow('allowHttp')
    },
  )
})
