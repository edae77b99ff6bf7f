import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import {
  endServices,
  makeFolder,
  makeFresh,
  post,
  type Registered,
  redirect_uris,
  removeFolders,
  serve,
  start,
  statusOf,
  write,
} from './service.js'
import { trustFile } from './support.js'

// The program itself, real sockets and files. Machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

afterEach(endServices)
afterAll(removeFolders)

describe('serve without anything', () => {
  test('answers the request of a client that just wants to register, and keeps it in a file for its owner only', async () => {
    const cwd = makeFolder()
    const service = await serve([], cwd)
    const response = await post(service.url, {
      client_name: 'Oauth client',
      redirect_uris: ['http://localhost:9000/callback'],
      client_uri: 'http://localhost:9000',
      grant_types: ['authorization_code'],
      scope: 'openid',
    })
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store'])
    const told: Registered = JSON.parse(await response.text())
    expect(told).toMatchObject({
      client_id: expect.stringMatching(/^[\w-]{22}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_id_issued_at: expect.any(Number),
      client_secret_expires_at: 0,
      registration_client_uri: `${service.url}/${told.client_id}`,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
    })
    expect(await statusOf(told)).toBe(200)
    expect(statSync(join(cwd, 'software-statement.db')).mode & 0o777).toBe(0o600)
    expect(await service.stop()).toBe(0)
  })

  test('says where it is in its first line, and nothing on standard output', async () => {
    const service = await serve()
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/reg$/)
    expect(await service.logged('listening')).toMatchObject({
      level: 'info',
      issuer: service.origin,
      mode: 'open',
      store: 'memory',
    })
    const metadata = await (await fetch(`${service.origin}/.well-known/oauth-authorization-server`)).json()
    expect(metadata).toMatchObject({ issuer: service.origin, registration_endpoint: service.url })
    await service.stop()
    expect(service.written().startsWith(`${service.url}\n{"level":"info"`)).toBe(true)
  })
})

describe('what cannot be served ends with 2, and says why in one line', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['a mode that needs a trust', ['--mode', 'statement'], /mode statement needs --trust/],
    ['another one', ['--mode', 'statement-or-token'], /needs --trust/],
    ['a mode there is not', ['--mode', 'closed'], /--mode must be one of/],
    ['a port there is not', ['--port', '65536'], /--port/],
    ['a port that is none', ['--port', '0x50'], /--port/],
    ['an issuer that is none', ['--issuer', 'as.example'], /issuer/],
    ['an issuer over http elsewhere', ['--issuer', 'http://as.example'], /issuer/],
    ['a host of others without an issuer', ['--host', '0.0.0.0'], /--issuer is needed/],
    ['a host there is not', ['--host', '192.0.2.1', '--issuer', 'https://as.example'], /cannot listen at 192\.0\.2\.1/],
    ['a store there is not', ['--store', 'mysql://db'], /store/],
    ['a store of a variable there is not', ['--store', 'env:NOWHERE_AT_ALL'], /env:/],
    ['a trust file there is not', ['--trust', 'nowhere.json'], /nowhere\.json/],
    ['a configuration there is not', ['--config', 'nowhere.json'], /nowhere\.json/],
  ])('%s', (_, argv, reason) => {
    const store = argv.includes('--store') ? [] : ['--store', 'memory']
    const { status, stdout, stderr } = start(makeFolder(), 'serve', ...store, ...argv)
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 })
    expect(stderr).toMatch(reason)
  })

  test.each<[string, object, RegExp]>([
    ['a member nobody knows', { frobnicate: 1 }, /frobnicate/],
    ['a misspelled limit', { rateLimits: { failure: 3 } }, /failure/],
    ['a limit that makes no sense', { rateLimits: { firstPause: '2 weeks' } }, /firstPause/],
    ['a member of the wrong type', { port: '80' }, /port/],
    [
      'a secret that is not stored as text',
      { metadata: { token_endpoint_auth_methods_supported: ['client_secret_jwt'] } },
      /client_secret_jwt/,
    ],
    ['a policy that is illegal', { metadata_policy: { scope: { default: 'a', essential: 'maybe' } } }, /ERR_POLICY/],
    ['a path that is taken', { path: '/health' }, /taken/],
    ['proxies that are none', { proxies: { trustedProxies: ['everywhere'] } }, /trustedProxies/],
    ['limits of connections that make no sense', { server: { headersTimeout: '1 hour', requestTimeout: 1 } }, /headersTimeout/],
    [
      'what the trust file says as well',
      { merge: { client_name: 'match' }, trust: 'trust.json' },
      /merge stands in the configuration and in the trust file/,
    ],
  ])('a configuration with %s', (_, configuration, reason) => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile({}, { merge: { scope: 'ceiling' } }))
    write(cwd, 'serve.json', { store: 'memory', port: 0, ...configuration })
    const { status, stdout, stderr } = start(cwd, 'serve', '--config', 'serve.json')
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(reason) })
  })

  test('a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { status, stderr } = start(makeFolder(), 'serve', '--store', 'memory', '--port', String(port))
    other.close()
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `software-statement: cannot listen at 127.0.0.1 port ${port}: another program listens there: choose another --port\n`,
    })
  })

  test.each([
    ['a folder that is not there', 'nowhere/clients.db', 'ENOENT'],
    ['a database that nobody serves', 'postgres://user:hunter2@127.0.0.1:1/x', 'ECONNREFUSED'],
  ])('a store that cannot be opened is exit code 3: %s', (_, store, cause) => {
    const { status, stderr } = start(makeFolder(), 'serve', '--store', store, '--port', '0')
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringMatching(new RegExp(`^ERR_STORE_UNAVAILABLE: .*${cause}\n$`)),
    })
    expect(stderr).not.toContain('hunter2')
  })
})

describe('a configuration file', () => {
  test('sets what the endpoint supports, and flags go before it', async () => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile())
    write(cwd, 'serve.json', {
      host: 'localhost',
      port: 1,
      issuer: 'https://as.example/tenant',
      store: 'memory',
      mode: 'token',
      trust: 'trust.json',
      path: '/register',
      metadata: { scopes_supported: ['mail'], token_endpoint_auth_methods_supported: ['none'] },
      cors: ['https://app.example'],
      limits: { requestBytes: 2000 },
      rateLimits: { registrationsPerAddress: 4 },
      proxies: { hops: 1 },
      log: { level: 'warn' },
      metrics: false,
    })
    const service = await serve(['--config', 'serve.json', '--mode', 'open', '--port', '0'], cwd)
    expect(service.url).toMatch(/^http:\/\/localhost:\d+\/tenant\/register$/)
    const document = await (await fetch(`${service.origin}/.well-known/oauth-authorization-server/tenant`)).json()
    expect(document).toMatchObject({ issuer: 'https://as.example/tenant', scopes_supported: ['mail'] })
    const from = { origin: 'https://app.example', 'x-forwarded-for': '192.0.2.7' }
    const good = await post(service.url, { redirect_uris, scope: 'mail' }, from)
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([201, 'https://app.example'])
    expect(JSON.parse(await good.text())).toMatchObject({
      token_endpoint_auth_method: 'none',
      registration_client_uri: expect.stringMatching(/^https:\/\/as\.example\/tenant\/register\//),
    })
    const statuses = []
    for (const members of [{ redirect_uris, scope: 'other' }, { client_name: 'x'.repeat(2000) }, {}, {}]) {
      statuses.push((await post(service.url, members, from)).status)
    }
    expect(statuses).toEqual([400, 413, 400, 429])
    expect((await fetch(`${service.origin}/metrics`)).status).toBe(404)
    const refused = await service.logged('request')
    expect(refused).toMatchObject({
      level: 'warn',
      address: '192.0.2.7',
      code: 'ERR_METADATA_UNSUPPORTED',
      operation: 'register',
    })
    expect(service.log.filter(({ level }) => level === 'info')).toEqual([])
  })

  test('is found from its own folder', async () => {
    const cwd = makeFolder()
    const other = makeFolder()
    write(cwd, 'trust.json', trustFile())
    write(cwd, 'serve.json', { mode: 'statement', trust: 'trust.json', store: 'clients.db' })
    const service = await serve(['--config', join(cwd, 'serve.json')], other)
    expect([existsSync(join(cwd, 'clients.db')), existsSync(join(other, 'clients.db'))]).toEqual([true, false])
    expect((await post(service.url, { software_statement: makeFresh() })).status).toBe(201)
    expect((await post(service.url)).status).toBe(400)
  })
})
