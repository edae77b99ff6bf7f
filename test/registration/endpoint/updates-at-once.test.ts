import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientStore, memoryClientStore, postgresClientStore, sqliteClientStore } from '@software-statement/registration'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeEndpoint, redirect_uris, sendBack } from '../../support/endpoint.js'
import { createDatabase, obstacle } from '../../support/postgres.js'

// Machines may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** Updates of one client by as many instances of it at once, at servers that share a store: the answers and the version it has then. */
async function updateAtOnce(stores: readonly ClientStore[], count: number) {
  const servers = stores.map((store) => makeEndpoint({ store }))
  const [first] = servers
  const told = await first?.register({ redirect_uris, client_name: 'Mail' })
  if (first === undefined || told === undefined) throw new Error('there is no server')
  const { client_id, registration_client_uri, registration_access_token: token } = told
  const answers = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      servers[n % servers.length]?.send('PUT', registration_client_uri, {
        json: sendBack(told, { client_name: `Mail ${n}` }),
        token,
      }),
    ),
  )
  return { statuses: new Set(answers.map((answer) => answer?.status)), version: (await first.store.find(client_id))?.version }
}

const allDone = (count: number) => ({ statuses: new Set([200]), version: count + 1 })

describe('many updates of one client at once are all made', () => {
  const opened: ClientStore[] = []
  const open = (...stores: readonly ClientStore[]) => {
    opened.push(...stores)
    return stores
  }
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'software-statement-'))
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each([12, 40])('%i in memory', async (count) => {
    expect(await updateAtOnce(open(memoryClientStore()), count)).toEqual(allDone(count))
  })

  test.each([12, 40])('%i in SQLite', async (count) => {
    const stores = open(await sqliteClientStore(join(folder, `${count}.db`)))
    expect(await updateAtOnce(stores, count)).toEqual(allDone(count))
  })

  test('by two servers that share a file of SQLite', async () => {
    const file = join(folder, 'shared.db')
    const stores = open(await sqliteClientStore(file), await sqliteClientStore(file))
    expect(await updateAtOnce(stores, 24)).toEqual(allDone(24))
  })

  test.skipIf(obstacle !== undefined)('by two servers that share PostgreSQL', async () => {
    const database = await createDatabase()
    const stores = open(await postgresClientStore(database.url), await postgresClientStore(database.url))
    expect(await updateAtOnce(stores, 24)).toEqual(allDone(24))
    await Promise.all(opened.splice(0).map((store) => store.close()))
    await database.drop()
  })
})
