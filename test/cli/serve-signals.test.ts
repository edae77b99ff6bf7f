import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import type { Io } from '../../packages/cli/src/io.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer } from '../support/make-jws.js'
import {
  bearer,
  endServices,
  makeFolder,
  makeFresh,
  post,
  type Registered,
  redirect_uris,
  removeFolders,
  seconds,
  serve,
  start,
  startSlowly,
  write,
} from './service.js'
import { runCli, trustFile, type World } from './support.js'

// The program itself, real sockets and signals. Machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

afterEach(endServices)
afterAll(removeFolders)

describe('signals', () => {
  test('SIGHUP reads the trust again; an invalid file changes nothing', async () => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile())
    const service = await serve(['--mode', 'statement', '--trust', 'trust.json', '--store', 'memory'], cwd)
    const other = 'https://other.example'
    const theirs = () => makeFresh({ iss: other })
    const registered = async (software_statement: string) => (await post(service.url, { software_statement })).status
    expect([await registered(makeFresh()), await registered(theirs())]).toEqual([201, 400])

    const before = trustFile()
    write(cwd, 'trust.json', {
      issuers: [...before.issuers, { issuer: other, jwks: { keys: [publicHalf(keys.ed25519)] } }],
      metadata_policy: { scope: { value: 'forced' } },
    })
    service.child.kill('SIGHUP')
    expect(await service.logged('the trust file has been read again')).toMatchObject({ added: [other], changed: [], removed: [] })
    const response = await post(service.url, { software_statement: theirs() })
    expect(await response.json()).toMatchObject({ scope: 'forced' })

    for (const [index, broken] of ['{', '{"issuers":[]}', '{"issuers":[{"issuer":"https://x.example"}]}'].entries()) {
      writeFileSync(join(cwd, 'trust.json'), broken)
      service.child.kill('SIGHUP')
      while (service.log.filter(({ level }) => level === 'error').length <= index)
        await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(await service.logged('the trust file could not be read again: what was read before counts')).toHaveProperty('reason')
    expect([await registered(makeFresh()), await registered(theirs())]).toEqual([201, 201])
    const text = await (await fetch(`${service.origin}/metrics`)).text()
    expect(text).toContain('software_statement_trust_reloads_total{outcome="reloaded"} 1')
    expect(text).toContain('software_statement_trust_reloads_total{outcome="failed"} 3')
    expect(await service.stop()).toBe(0)
  })

  test('SIGHUP changes nothing where the file does not go with what is configured beside it', async () => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile({}, { unknownMembers: 'keep' }))
    write(cwd, 'serve.json', { store: 'memory', metadata_policy: { tier: { value: 'gold' } } })
    const service = await serve(['--config', 'serve.json', '--mode', 'statement', '--trust', 'trust.json'], cwd)
    const other = 'https://other.example'
    const before = trustFile()
    write(cwd, 'trust.json', { issuers: [...before.issuers, { issuer: other, jwks: { keys: [publicHalf(keys.ed25519)] } }] })
    service.child.kill('SIGHUP')
    const refused = await service.logged('the trust file could not be read again: what was read before counts')
    expect(refused.reason).toMatch(/tier is not known/)
    const theirs = await post(service.url, { software_statement: makeFresh({ iss: other }) })
    expect([theirs.status, await theirs.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'unapproved_software_statement' }),
    ])
    const text = await (await fetch(`${service.origin}/metrics`)).text()
    expect(text).toContain('software_statement_trust_reloads_total{outcome="failed"} 1')
  })

  test('are heard before the service listens', async () => {
    let tell: Parameters<Io['onSignal']>[0] = () => Promise.reject(new Error('nobody listens'))
    const world: World = {
      onSignal: (listener) => {
        tell = listener
        return () => undefined
      },
      listen: async () => {
        tell('SIGHUP')
        tell('SIGTERM')
        return 49_152
      },
    }
    const { exit, stderr } = await runCli(['serve', '--store', 'memory', '--port', '0'], world)
    expect(exit).toBe(0)
    const [first, ...lines] = stderr.trimEnd().split('\n')
    expect(first).toBe('http://127.0.0.1:49152/reg')
    expect(lines.map((line) => JSON.parse(line).msg).sort()).toEqual([
      'listening',
      'stopped',
      'stopping',
      'there is no trust file to read again',
    ])
  })

  test('SIGHUP without a trust ends nothing', async () => {
    const service = await serve()
    service.child.kill('SIGHUP')
    await service.logged('there is no trust file to read again')
    expect((await post(service.url)).status).toBe(201)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s lets requests end, and closes the store', async (signal) => {
    const service = await serve(['--store', 'clients.db'])
    const begun = startSlowly(service.url)
    await begun.sent
    service.child.kill(signal)
    await service.logged('stopping')
    await expect(fetch(service.origin)).rejects.toThrow()
    begun.finish()
    expect(await begun.status).toBe(201)
    expect(await service.end).toBe(0)
    expect(await service.log.at(-1)).toMatchObject({ msg: 'stopped', brokenOff: 0 })
  })

  test('what takes longer than the limit is broken off', async () => {
    const cwd = makeFolder()
    write(cwd, 'serve.json', { store: 'memory', server: { drainTime: 0.2 } })
    const service = await serve(['--config', 'serve.json'], cwd)
    const begun = startSlowly(service.url)
    await begun.sent
    expect(await service.stop()).toBe(0)
    expect(service.log.at(-1)).toMatchObject({ msg: 'stopped', brokenOff: 1 })
    await expect(begun.status).rejects.toThrow()
  })

  test('a second one ends at once', async () => {
    const service = await serve()
    const begun = startSlowly(service.url)
    begun.status.catch(() => undefined)
    await begun.sent
    service.child.kill('SIGTERM')
    await service.logged('stopping')
    expect(await service.stop('SIGTERM')).toBe(143)
  })
})

describe('health and metrics', () => {
  test('are told to whoever reads, and to nobody else', async () => {
    const service = await serve()
    const health = await fetch(`${service.origin}/health`)
    expect([health.status, await health.json(), health.headers.get('cache-control')]).toEqual([200, { status: 'ok' }, 'no-store'])
    const head = await fetch(`${service.origin}/health`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const wrong = await post(`${service.origin}/health`)
    expect([wrong.status, wrong.headers.get('allow'), await wrong.json()]).toEqual([
      405,
      'GET, HEAD',
      expect.objectContaining({ error: 'invalid_request' }),
    ])
  })

  test('count decisions, refusals by code, refusals because of limits, and uses of the cache', async () => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile())
    write(cwd, 'serve.json', {
      store: 'memory',
      mode: 'statement',
      trust: 'trust.json',
      rateLimits: { registrationsPerAddress: 3 },
    })
    const service = await serve(['--config', 'serve.json'], cwd)
    const software_statement = makeFresh()
    const statuses = []
    for (const members of [{ software_statement }, { software_statement }, {}, {}])
      statuses.push((await post(service.url, members)).status)
    expect(statuses).toEqual([201, 201, 400, 429])
    const response = await fetch(`${service.origin}/metrics`)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const text = await response.text()
    for (const line of [
      'software_statement_decisions_total{operation="register",outcome="done",code=""} 2',
      'software_statement_decisions_total{operation="register",outcome="refused",code="ERR_STATEMENT_MISSING"} 1',
      'software_statement_decisions_total{operation="register",outcome="refused",code="ERR_RATE_LIMITED"} 1',
      'software_statement_rate_limited_total{operation="register"} 1',
      'software_statement_statement_cache_lookups_total{result="hit"} 1',
      'software_statement_statement_cache_lookups_total{result="miss"} 1',
      'software_statement_decision_duration_seconds_count{operation="register"} 4',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).toContain('process_cpu_seconds_total')
  })

  test('connections that are closed since there are too many are counted, and logged now and then', async () => {
    const cwd = makeFolder()
    write(cwd, 'serve.json', { store: 'memory', server: { maxConnectionsPerAddress: 2 } })
    const service = await serve(['--config', 'serve.json'], cwd)
    const { hostname, port } = new URL(service.origin)
    const sockets = Array.from({ length: 6 }, () => connect(Number(port), hostname).on('error', () => undefined))
    const because = 'address'
    expect(await service.logged('connections have been closed, since there were too many')).toMatchObject({
      level: 'warn',
      address: '127.0.0.1',
      because,
      closed: 1,
    })
    const text = await (await fetch(`${service.origin}/metrics`)).text()
    expect(text).toMatch(/^software_statement_connections_dropped_total\{because="address"\} [45]$/m)
    expect(text).toContain('software_statement_connections_dropped_total{because="server"} 0')
    expect(service.log.filter(({ level }) => level === 'warn')).toHaveLength(1)
    for (const socket of sockets) socket.destroy()
  })

  test('are at another port where that is configured', async () => {
    const cwd = makeFolder()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    other.close()
    await once(other, 'close')
    write(cwd, 'serve.json', { store: 'memory', metrics: { port } })
    const service = await serve(['--config', 'serve.json'], cwd)
    const statuses = await Promise.all(
      [`${service.origin}/metrics`, `http://127.0.0.1:${port}/metrics`, `http://127.0.0.1:${port}/health`].map(
        async (url) => (await fetch(url)).status,
      ),
    )
    expect(statuses).toEqual([404, 200, 404])
    expect(await service.stop()).toBe(0)
  })
})

describe('the log', () => {
  test('has no secret, no token and no statement in it, whatever is asked', async () => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile())
    const service = await serve(['--mode', 'statement-or-token', '--trust', 'trust.json', '--store', 'clients.db'], cwd)
    const initial = start(cwd, 'token', 'create', '--store', 'clients.db', '--count', '9').stdout.trim()
    const software_statement = makeFresh()
    const expired = makeFresh({ exp: seconds - 600 })
    const authorized = { authorization: `Bearer ${initial}` }
    const secrets = [initial, software_statement, expired]
    const remember = async (response: Response) => {
      const {
        client_secret,
        registration_access_token,
        registration_client_uri = service.url,
      }: Partial<Registered> = JSON.parse(await response.text())
      secrets.push(...[client_secret, registration_access_token].filter((text) => text !== undefined))
      return { token: registration_access_token ?? 'none', url: registration_client_uri }
    }
    const { token, url } = await remember(await post(service.url, { redirect_uris }, authorized))
    await remember(await post(service.url, { software_statement }))
    await remember(await post(service.url, { software_statement: expired }, authorized))
    await remember(await post(service.url, { software_statement: `${software_statement}x` }))
    await remember(
      await post(service.url, { redirect_uris: ['javascript:alert(1)\u202e'], client_name: 'bell\u0007' }, authorized),
    )
    await remember(
      await post(
        service.url,
        { redirect_uris, client_secret: 'mine-own-secret-0123456789', registration_access_token: 'mine-own-token-0123456789' },
        authorized,
      ),
    )
    secrets.push('mine-own-secret-0123456789', 'mine-own-token-0123456789', 'guessed-token-0123456789')
    for (const guess of [token, 'guessed-token-0123456789']) {
      await fetch(url, bearer(guess))
      await fetch(url, { method: 'PUT', ...bearer(guess), body: '{' })
    }
    await fetch(url, { method: 'DELETE', ...bearer(token) })
    await fetch(`${url}?access_token=${token}`, bearer(token))
    await service.stop()
    const parts = secrets.flatMap((text) => text.split('.').filter((part) => part.length > 8))
    expect(parts.length).toBeGreaterThan(10)
    expect(parts.filter((part) => service.written().includes(part.slice(0, 20)))).toEqual([])
    expect(service.log.length).toBeGreaterThan(10)
    for (const line of service.log.filter(({ msg }) => msg === 'request')) {
      expect(line).toMatchObject({
        address: '127.0.0.1',
        outcome: expect.stringMatching(/^(done|refused)$/),
        latency: expect.any(Number),
      })
    }
    expect(service.log).toContainEqual(expect.objectContaining({ issuer, statementDigest: expect.stringMatching(/^[\w-]{43}$/) }))
    for (const character of ['\u0007', '\u202e']) expect(service.written()).not.toContain(character)
  })

  test('that nobody reads holds up nobody', async () => {
    const service = await serve(['--store', 'memory'])
    service.child.stderr?.removeAllListeners('data').pause()
    const sends = Array.from({ length: 40 }, async () => {
      for (let at = 0; at < 50; at++) await fetch(`${service.origin}/nowhere/${at}`)
    })
    await Promise.all(sends)
    expect((await post(service.url)).status).toBe(201)
  })

  test('of a service that is started in vain is not there', async () => {
    const { exit, stdout, stderr } = await runCli(['serve', '--mode', 'statement'])
    expect({ exit, stdout, lines: stderr.split('\n').length }).toEqual({ exit: 2, stdout: '', lines: 2 })
  })
})
