import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { createDatabase, obstacle } from '../support/postgres.js'
import {
  bearer,
  endServices,
  makeFolder,
  makeFresh,
  post,
  type Registered,
  redirect_uris,
  register,
  removeFolders,
  serve,
  start,
  statusOf,
  write,
} from './service.js'
import { trustFile } from './support.js'

// The program itself, real files and databases. Machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

afterEach(endServices)
afterAll(removeFolders)

describe('stores', () => {
  test('what was acknowledged is there after kill -9, and statements that count once are used up', async () => {
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile({ replay: 'once' }))
    const argv = ['--mode', 'statement', '--trust', 'trust.json', '--store', 'clients.db', '--issuer', 'http://localhost:7591']
    const first = await serve(argv, cwd)
    const statements = Array.from({ length: 20 }, () => makeFresh())
    const told: Registered[] = []
    const killed = Promise.all(
      statements.map(async (software_statement) => {
        const response = await post(first.url, { software_statement }).catch(() => undefined)
        const text = await response?.text().catch(() => undefined)
        if (response?.status === 201 && text !== undefined) told.push(JSON.parse(text))
        if (told.length === 5) first.child.kill('SIGKILL')
      }),
    )
    await Promise.all([killed, first.end])
    expect(told.length).toBeGreaterThanOrEqual(5)

    const second = await serve(argv, cwd)
    for (const { client_id, registration_access_token } of told) {
      const response = await fetch(`${second.url}/${client_id}`, bearer(registration_access_token))
      expect(await response.json()).toMatchObject({ client_id })
    }
    const again = await Promise.all(statements.map((software_statement) => post(second.url, { software_statement })))
    expect(again.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(statements.length - told.length)
  })

  test('tokens are made while a server uses the same file, and admit as often as they say', async () => {
    const cwd = makeFolder()
    const service = await serve(['--mode', 'token', '--store', 'clients.db'], cwd)
    const { status, stdout } = start(cwd, 'token', 'create', '--store', 'clients.db', '--count', '2', '--expires-in', '1 hour')
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^[\w-]{43}\n$/) })
    const headers = { authorization: `Bearer ${stdout.trim()}` }
    const statuses = []
    for (let use = 0; use < 3; use++) statuses.push((await post(service.url, { redirect_uris }, headers)).status)
    expect([...statuses, (await post(service.url)).status]).toEqual([201, 201, 401, 401])
    expect(readFileSync(join(cwd, 'clients.db')).includes(stdout.trim())).toBe(false)
  })

  test('two servers share one file', async () => {
    const cwd = makeFolder()
    const both = await Promise.all([1, 2].map(() => serve(['--store', 'clients.db', '--issuer', 'http://localhost:7591'], cwd)))
    const [one, other] = both
    if (one === undefined || other === undefined) throw new Error('there are two')
    const { client_id, registration_access_token } = await register(one.url)
    expect((await fetch(`${other.url}/${client_id}`, bearer(registration_access_token))).status).toBe(200)
  })

  const onPostgres = test.skipIf(obstacle !== undefined)
  if (obstacle !== undefined) console.log(`skipped: two servers on one PostgreSQL: ${obstacle}`)
  onPostgres('two servers share one PostgreSQL, and one statement admits one client', async () => {
    const database = await createDatabase()
    const cwd = makeFolder()
    write(cwd, 'trust.json', trustFile({ replay: 'once' }))
    const argv = ['--mode', 'statement', '--trust', 'trust.json', '--store', 'env:STORE', '--issuer', 'https://as.example']
    try {
      const [one, other] = await Promise.all([1, 2].map(() => serve(argv, cwd, { STORE: database.url })))
      if (one === undefined || other === undefined) throw new Error('there are two')
      const software_statement = makeFresh()
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, at) => post((at % 2 === 0 ? one : other).url, { software_statement })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 400)])
      expect((await fetch(`${one.origin}/health`)).status).toBe(200)
      expect([await one.stop(), await other.stop()]).toEqual([0, 0])
    } finally {
      await endServices()
      await database.drop()
    }
  })

  onPostgres('a database that goes away is 503, and no end of the service', async () => {
    const database = await createDatabase()
    const service = await serve(['--store', 'env:STORE'], makeFolder(), { STORE: database.url })
    const client = await register(service.url)
    await database.drop()
    expect([await statusOf(client), (await post(service.url)).status]).toEqual([503, 503])
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect((await fetch(`${service.origin}/health`)).status).toBe(503)
    expect(service.written()).not.toContain(new URL(database.url).pathname)
    expect(await service.stop()).toBe(0)
  })
})
