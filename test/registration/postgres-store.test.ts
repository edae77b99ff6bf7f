import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { type ClientStore, openClientStore, postgresClientStore } from '@software-statement/registration'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPostgres } from '../../packages/registration/src/stores/sql/postgres-engine.js'
import { createDatabase, type Database, obstacle } from '../support/postgres.js'
import { startStoreProcess } from '../support/store-processes.js'
import { makeClient, makeMark, now } from './clients.js'

// Programs are started here, and machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

const patience = { timeout: 60_000 }
const unavailable = { name: 'TrustUnavailableError', code: 'ERR_STORE_UNAVAILABLE' }

describe('a store in PostgreSQL', () => {
  test.each([{ schemas: 'x' }, { schema: 'A' }, { schema: 'a"b' }, { maxConnections: 0 }, { queryTimeout: '1 fortnight' }, null])(
    'takes no options such as %j',
    async (options) => {
      await expect(postgresClientStore('postgres://127.0.0.1:1/none', options as object)).rejects.toThrow(TypeError)
    },
  )

  test.each(['', 'clients.db', 'mysql://127.0.0.1/none', { hots: '127.0.0.1' }, null, 7])('is not at %j', async (connection) => {
    await expect(postgresClientStore(connection as string)).rejects.toThrow(TypeError)
  })

  test('that nobody serves is an outage, which tells no password', async () => {
    const url = 'postgres://registrar:correct-horse@127.0.0.1:1/none'
    const error: unknown = await openClientStore(url).catch((it) => it)
    expect(error).toMatchObject({ ...unavailable, cause: expect.any(Error) })
    expect(JSON.stringify(error)).not.toContain('correct-horse')
  })
})

if (obstacle !== undefined) console.log(`skipped: what only PostgreSQL does: ${obstacle}`)

describe.skipIf(obstacle !== undefined)('a store in PostgreSQL that is there', () => {
  let database: Database
  let schemas = 0
  const stores: ClientStore[] = []
  const nextSchema = () => `store_${schemas++}`
  const open = async (schema: string, options = {}) => {
    const store = await postgresClientStore(database.url, { schema, ...options })
    stores.push(store)
    return store
  }
  const endConnections = () =>
    database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()))
  })
  afterAll(() => database.drop())

  test('is found by members of a connection as by a URL', async () => {
    const schema = nextSchema()
    await (await open(schema)).admit(makeClient('a'), { at: now })
    const { hostname, port, username, password, pathname } = new URL(database.url)
    const store = await postgresClientStore(
      {
        host: hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        user: decodeURIComponent(username),
        password: async () => decodeURIComponent(password),
        database: pathname.slice(1),
      },
      { schema },
    )
    stores.push(store)
    expect(await store.find('a')).toEqual(makeClient('a'))
  })

  test('keeps to its schema', async () => {
    const [one, other] = [await open(nextSchema()), await open(nextSchema())]
    await one.admit(makeClient('a'), { at: now })
    expect(await other.find('a')).toBeUndefined()
    const left = await database.query(`select table_name from information_schema.tables where table_schema = 'public'`)
    expect(left).toEqual([])
  })

  test('in a schema that somebody else made needs no right to make one', async () => {
    const schema = nextSchema()
    const user = `registrar_${Date.now()}_${process.pid}`
    await database.query(`create role ${user} login password 'horse'`)
    try {
      await database.query(`create schema ${schema} authorization ${user}`)
      const url = new URL(database.url)
      url.username = user
      url.password = 'horse'
      const store = await postgresClientStore(url.href, { schema })
      expect(await store.admit(makeClient('a'), { at: now })).toBe('admitted')
      await store.close()
      await expect(postgresClientStore(url.href, { schema: nextSchema() })).rejects.toMatchObject(unavailable)
    } finally {
      await database.query(`drop owned by ${user}`)
      await database.query(`drop role ${user}`)
    }
  })

  test('that could not be brought to the tables is as it was', async () => {
    const schema = nextSchema()
    await database.query(`create schema ${schema} create table initial_access_tokens (name text)`)
    await expect(open(schema)).rejects.toMatchObject(unavailable)
    const tables = await database.query('select table_name as name from information_schema.tables where table_schema = $1', [
      schema,
    ])
    expect(tables).toEqual([{ name: 'initial_access_tokens' }])
  })

  test('of a newer version is refused, and left as it is', async () => {
    const schema = nextSchema()
    await (await open(schema)).admit(makeClient('a'), { at: now })
    await database.query(
      `insert into ${schema}.kysely_migration (name, timestamp) values ('9999_future', '2999-01-01T00:00:00.000Z')`,
    )
    await expect(open(schema)).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining('9999_future') })
    await database.query(`delete from ${schema}.kysely_migration where name = '9999_future'`)
    expect(await (await open(schema)).find('a')).toEqual(makeClient('a'))
  })

  test('that only reads is found out by a check', async () => {
    const schema = nextSchema()
    const store = await open(schema)
    await store.admit(makeClient('a'), { at: now })
    await expect(store.check()).resolves.toBeUndefined()
    const name = new URL(database.url).pathname.slice(1)
    await database.query(`alter database ${name} set default_transaction_read_only = on`)
    await endConnections()
    await vi.waitUntil(async () => (await store.check().catch((error) => error))?.code === 'ERR_STORE_UNAVAILABLE', patience)
    expect(await store.find('a')).toEqual(makeClient('a'))
    await database.query(`begin read write; alter database ${name} reset default_transaction_read_only; commit`)
    await endConnections()
    await vi.waitUntil(async () => (await store.check().catch((error) => error)) === undefined, patience)
  })

  test('whose connections are ended works on with others', async () => {
    const store = await open(nextSchema())
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.admit(makeClient(`${index}`), { at: now })))
    for (let round = 0; round < 5; round++) {
      await endConnections()
      expect(await store.find('3')).toEqual(makeClient('3'))
      await endConnections()
      expect(await store.admit(makeClient(`round-${round}`), { at: now })).toBe('admitted')
    }
  })

  test('whose connections are ended in the middle tells nobody what is not so', async () => {
    const schema = nextSchema()
    const store = await open(schema)
    let isEnding = true
    const ending = (async () => {
      while (isEnding) await endConnections()
    })()
    const admitted = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const admission = { at: now, replay: makeMark(`${index}`) }
        return store.admit(makeClient(`${index}`, { uniqueKeys: [`${index}`] }), admission).catch((error) => error.code)
      }),
    )
    isEnding = false
    await ending
    expect(new Set(['admitted', 'ERR_STORE_UNAVAILABLE', ...admitted]).size).toBe(2)
    const rows = await database.query(`select client_id from ${schema}.unique_keys`)
    const keys = new Set(rows.map(({ client_id }) => client_id))
    for (const [index, outcome] of admitted.entries()) {
      const client = await vi.waitUntil(
        () =>
          store.find(`${index}`).then(
            (found) => ({ found }),
            () => undefined,
          ),
        patience,
      )
      // Of an admission that was not acknowledged nobody knows: all of it is there or nothing.
      if (outcome === 'admitted') expect(client.found).toMatchObject({ clientId: `${index}` })
      expect(keys.has(`${index}`)).toBe(client.found !== undefined)
      expect(await store.consume(makeMark(`${index}`), now)).toBe(client.found === undefined ? 'first' : 'seen')
    }
  })

  test('that another transaction keeps waiting for too long is an outage, and well again afterwards', async () => {
    const schema = nextSchema()
    const store = await open(schema, { maxConnections: 2, queryTimeout: 0.3, connectTimeout: 0.5 })
    await store.admit(makeClient('a'), { at: now })
    const other = new Client({ connectionString: database.url })
    await other.connect()
    await other.query('begin')
    await other.query(`select * from ${schema}.clients for update`)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => store.replace(makeClient('a', { version: 2 }), { at: now })),
    )
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable })
    expect(await store.find('a')).toMatchObject({ version: 1 })
    await other.query('rollback')
    await other.end()
    // Connections that waited in vain are not used again.
    for (let round = 0; round < 4; round++) expect(await store.find('a')).toBeDefined()
    expect(await store.remove('a')).toBe(true)
  })

  test('has the isolation it is made for, whatever is usual there', async () => {
    const url = new URL(database.url)
    url.searchParams.set('options', '-c default_transaction_isolation=serializable')
    const engine = await openPostgres({ connectionString: url.href }, nextSchema())
    const { rows } = await engine.write((db) => sql`show transaction_isolation`.execute(db))
    expect(rows).toEqual([{ transaction_isolation: 'read committed' }])
    await engine.close()
  })

  test('is opened by several processes at once, and each is heard', async () => {
    const schema = nextSchema()
    const processes = ['a', 'b', 'c', 'd'].map((prefix) => startStoreProcess(database.url, prefix, '25', schema))
    const ends = await Promise.all(processes.map(({ end }) => end))
    expect(ends).toEqual(ends.map(() => ({ status: 0, stderr: '' })))
    expect(await database.query(`select count(*)::int as clients from ${schema}.clients`)).toEqual([{ clients: 100 }])
    expect(await database.query(`select name from ${schema}.kysely_migration`)).toHaveLength(1)
  })
})

describe.skipIf(obstacle !== undefined)('a network between that fails', () => {
  let database: Database
  let proxy: Proxy
  beforeAll(async () => {
    database = await createDatabase()
    proxy = await startProxy(new URL(database.url))
  })
  beforeEach(() => {
    proxy.watch = () => 'pass'
  })
  afterAll(async () => {
    proxy.close()
    await database.drop()
  })
  const open = () => postgresClientStore(proxy.url, { maxConnections: 2, queryTimeout: 0.5, connectTimeout: 0.5 })

  test('and swallows what is sent is an outage that ends with it', async () => {
    const store = await open()
    await store.admit(makeClient('a'), { at: now })
    const asked = vi.spyOn(Client.prototype, 'query')
    let isSilent = false
    proxy.watch = (text) => {
      isSilent = isSilent || text.includes('insert into')
      return isSilent ? 'swallow' : 'pass'
    }
    await expect(store.admit(makeClient('b'), { at: now })).rejects.toMatchObject(unavailable)
    for (let round = 0; round < 4; round++) await expect(store.find('a')).rejects.toMatchObject(unavailable)
    // Nobody waits a second time, for a transaction to be undone.
    expect(asked.mock.calls.filter(([text]) => String(text) === 'rollback')).toEqual([])
    asked.mockRestore()
    proxy.watch = () => 'pass'
    expect(await store.find('a')).toEqual(makeClient('a'))
    expect(await store.admit(makeClient('b'), { at: now })).toBe('admitted')
    await store.close()
  })

  test('before a change is committed makes no difference', async () => {
    const store = await open()
    let cuts = 0
    proxy.watch = (text) => (text.includes('insert into') && cuts++ < 2 ? 'cut' : 'pass')
    const admission = { at: now, replay: makeMark('before') }
    expect(await store.admit(makeClient('before', { uniqueKeys: ['before'] }), admission)).toBe('admitted')
    expect(cuts).toBeGreaterThan(2)
    await store.close()
  })

  test.each<[when: string, fate: Fate, isThere: boolean]>([
    ['arrives', 'cut-answer', true],
    ['is lost', 'cut', false],
  ])('when a commit %s is an outage: nobody knows, and nothing is done twice', async (when, fate, isThere) => {
    const store = await open()
    let commits = 0
    proxy.watch = (text) => (/\bcommit\b/.test(text) && commits++ === 0 ? fate : 'pass')
    const replay = makeMark(when)
    await expect(store.admit(makeClient(when), { at: now, replay })).rejects.toMatchObject(unavailable)
    expect(commits).toBe(1)
    // The server may still be at it.
    await vi.waitUntil(async () => ((await store.find(when)) !== undefined) === isThere, patience)
    expect(await store.admit(makeClient(`${when} again`), { at: now, replay })).toBe(isThere ? 'replayed' : 'admitted')
    await store.close()
  })
})

/** What becomes of something that was sent. `cut-answer`: it arrives, and the connection ends with what would be answered. */
type Fate = 'pass' | 'swallow' | 'cut' | 'cut-answer'

interface Proxy {
  readonly url: string
  /** Decides the fate of everything that is sent to the server. */
  watch: (text: string) => Fate
  close(): void
}

async function startProxy(target: URL): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port || 5432), target.hostname)
    const end = () => {
      incoming.destroy()
      outgoing.destroy()
    }
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket.on('error', end).on('close', end)
    }
    let isCut = false
    incoming.on('data', (data) => {
      const fate = proxy.watch(data.toString('latin1'))
      isCut = isCut || fate === 'cut-answer'
      if (fate === 'cut') end()
      else if (fate !== 'swallow') outgoing.write(data)
    })
    outgoing.on('data', (data) => {
      if (isCut) end()
      else incoming.write(data)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens nowhere')
  const url = new URL(target)
  url.host = `127.0.0.1:${address.port}`
  const proxy: Proxy = {
    url: url.href,
    watch: () => 'pass',
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  return proxy
}
