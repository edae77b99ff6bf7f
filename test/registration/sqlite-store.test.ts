import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { memoryClientStore, openClientStore, sqliteClientStore } from '@software-statement/registration'
import { sql } from 'kysely'
import Database from 'libsql'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openSqlite } from '../../packages/registration/src/stores/sql/sqlite-engine.js'
import { startStoreProcess } from '../support/store-processes.js'
import { makeClient, makeMark, now } from './clients.js'

// Programs are started here, and machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'stores-'))
let files = 0
let file = ''
beforeEach(() => {
  file = join(folder, `${files++}.db`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Asks a file past every store. */
function query(text: string): readonly unknown[] {
  const database = new Database(file)
  try {
    const statement = database.prepare(text)
    if (statement.reader) return statement.all([])
    statement.run([])
    return []
  } finally {
    database.close()
  }
}

describe('a SQLite file', () => {
  test('is made for its owner alone, with everything beside it', async () => {
    const umask = process.umask(0)
    try {
      const store = await sqliteClientStore(file)
      await store.admit(makeClient('a'), { at: now })
      const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)
      expect(modes.length).toBeGreaterThan(1)
      if (process.platform !== 'win32') expect(new Set(modes)).toEqual(new Set([0o600]))
      await store.close()
    } finally {
      process.umask(umask)
    }
  })

  test('that is there keeps its mode', async () => {
    writeFileSync(file, '')
    chmodSync(file, 0o640)
    await (await sqliteClientStore(file)).close()
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o640)
  })

  test('holds everything when the store is closed, alone', async () => {
    const store = await sqliteClientStore(file)
    await store.admit(makeClient('a'), { at: now })
    await store.close()
    for (const beside of [`${file}-wal`, `${file}-shm`]) rmSync(beside, { force: true })
    const again = await sqliteClientStore(file)
    expect(await again.find('a')).toEqual(makeClient('a'))
    await again.close()
  })

  test('waits for the disk at each commit, which a loss of power leaves as it is', async () => {
    const engine = await openSqlite(file, 5000)
    const ask = (pragma: string) => engine.read((db) => sql`pragma ${sql.raw(pragma)}`.execute(db))
    expect(await ask('journal_mode')).toMatchObject({ rows: [{ journal_mode: 'wal' }] })
    expect(await ask('synchronous')).toMatchObject({ rows: [{ synchronous: 2 }] })
    await engine.close()
  })

  test('is done with what was asked when it is closed', async () => {
    const store = await sqliteClientStore(file)
    const uses = Array.from({ length: 250 }, (_, index) => store.consume(makeMark(`${index}`), now))
    const settled = Promise.allSettled(uses)
    await Promise.race(uses)
    await store.close()
    const first = (await settled).filter((outcome) => outcome.status === 'fulfilled').length
    expect(query('select count(*) as marks from seen_statements')).toEqual([{ marks: first }])
  })

  test.each(['', ':memory:', 'a\0b', 7 as unknown as string])('is not named %j', async (name) => {
    await expect(sqliteClientStore(name)).rejects.toThrow(TypeError)
  })

  test.each([{ timeout: 5 }, { busyTimeout: 'soon' }, { busyTimeout: 0 }, null])(
    'takes no options such as %j',
    async (options) => {
      await expect(sqliteClientStore(file, options as object)).rejects.toThrow(TypeError)
      expect(existsSync(file)).toBe(false)
    },
  )

  test.each<[what: string, make: () => void]>([
    ['a folder', () => mkdirSync(file)],
    ['a file of something else', () => writeFileSync(file, 'not a database, but long enough to be looked at '.repeat(100))],
    ['a database of something else', () => query('create table clients (name text)')],
    [
      'in a folder that is not there',
      () => {
        file = join(folder, 'nowhere', 'clients.db')
      },
    ],
  ])('that is %s is an outage', async (_, make) => {
    make()
    await expect(sqliteClientStore(file)).rejects.toMatchObject({
      name: 'TrustUnavailableError',
      code: 'ERR_STORE_UNAVAILABLE',
      cause: expect.any(Error),
    })
  })

  test('that could not be brought to the tables is as it was', async () => {
    query('create table initial_access_tokens (name text)')
    await expect(sqliteClientStore(file)).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
    expect(query(`select name from sqlite_master where type = 'table'`)).toEqual([{ name: 'initial_access_tokens' }])
  })

  test('of a newer version is refused, and left as it is', async () => {
    const store = await sqliteClientStore(file)
    await store.admit(makeClient('a'), { at: now })
    await store.close()
    query(`insert into kysely_migration (name, timestamp) values ('9999_future', '2999-01-01T00:00:00.000Z')`)
    await expect(sqliteClientStore(file)).rejects.toMatchObject({
      code: 'ERR_STORE_UNAVAILABLE',
      message: expect.stringContaining('9999_future'),
    })
    query(`delete from kysely_migration where name = '9999_future'`)
    const again = await sqliteClientStore(file)
    expect(await again.find('a')).toEqual(makeClient('a'))
    await again.close()
  })

  test('that is damaged while it is used is an outage', async () => {
    const store = await sqliteClientStore(file)
    query('drop table seen_statements')
    await expect(store.consume(makeMark('1'), now)).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
    // What waits together with it is not lost with it.
    const both = [store.consume(makeMark('1'), now), store.admit(makeClient('a'), { at: now })]
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await store.find('a')).toEqual(makeClient('a'))
    await store.close()
  })

  test('that another process keeps locked is an outage, and well again afterwards', async () => {
    const store = await sqliteClientStore(file, { busyTimeout: 0.05 })
    const other = new Database(file)
    other.exec('begin immediate')
    const outcomes = await Promise.allSettled([store.admit(makeClient('a'), { at: now }), store.check()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await store.find('a')).toBeUndefined()
    other.exec('rollback')
    other.close()
    expect(await store.admit(makeClient('a'), { at: now })).toBe('admitted')
    await store.close()
  })
})

describe('processes that share a SQLite file', () => {
  test('open it at once, and each is heard', async () => {
    const processes = ['a', 'b', 'c', 'd'].map((prefix) => startStoreProcess(file, prefix, '25'))
    const ends = await Promise.all(processes.map(({ end }) => end))
    expect(ends).toEqual(ends.map(() => ({ status: 0, stderr: '' })))
    expect(query('select count(*) as clients from clients')).toEqual([{ clients: 100 }])
    expect(query('select name from kysely_migration')).toHaveLength(1)
  })

  test('wait for one that changes the tables, and look at them afterwards', async () => {
    const code = `
      const { parentPort, workerData } = require('node:worker_threads')
      const Database = require('libsql')
      const database = new Database(workerData)
      database.exec('pragma journal_mode = wal')
      database.exec('begin immediate')
      database.exec('create table other (name text)')
      parentPort.postMessage('changing')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
      database.exec('commit')
      database.close()`
    const worker = new Worker(code, { eval: true, workerData: file })
    await once(worker, 'message')
    const store = await sqliteClientStore(file)
    expect(query(`select name from sqlite_master where name in ('clients', 'other') order by name`)).toHaveLength(2)
    await store.close()
    await worker.terminate()
  })

  test('are killed and have lost nothing they had acknowledged', async () => {
    const processes = ['a', 'b'].map((prefix) => startStoreProcess(file, prefix))
    await vi.waitUntil(() => processes.every(({ admitted }) => admitted.length > 50), { timeout: 60_000 })
    for (const { child } of processes) child.kill('SIGKILL')
    const ends = await Promise.all(processes.map(({ end }) => end))
    expect(ends.map(({ status }) => status)).toEqual(['SIGKILL', 'SIGKILL'])

    const store = await sqliteClientStore(file)
    for (const { admitted } of processes) {
      for (const clientId of admitted) {
        expect(await store.find(clientId)).toMatchObject({ clientId, uniqueKeys: [clientId] })
        expect(await store.admit(makeClient('x', { uniqueKeys: [clientId] }), { at: now })).toBe('key-taken')
      }
    }
    expect(query('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    await store.close()
  })
})

describe('a store that a text names', () => {
  test('is in memory, or in a file', async () => {
    const memory = await openClientStore('memory')
    expect(await memory.admit(makeClient('a'), { at: now })).toBe('admitted')
    expect(existsSync('memory')).toBe(false)
    const inFile = await openClientStore(file)
    expect(await inFile.admit(makeClient('a'), { at: now })).toBe('admitted')
    await Promise.all([memory.close(), inFile.close()])
    expect(query('select client_id from clients')).toEqual([{ client_id: 'a' }])
  })

  test.each([
    'mysql://db.example/clients',
    'libsql://db.example',
    'file:clients.db',
    'http://db.example',
    'postgres:clients',
    '',
  ])('is not %j', async (name) => {
    await expect(openClientStore(name)).rejects.toThrow(TypeError)
  })
})

describe('a memory', () => {
  test('is full at its capacity, says so, and keeps what counts', async () => {
    const store = memoryClientStore({ capacity: 1 })
    const full = { code: 'ERR_STORE_UNAVAILABLE' }
    expect(await store.admit(makeClient('a'), { at: now, replay: makeMark('1', { expiresAt: now + 1 }) })).toBe('admitted')
    await expect(store.admit(makeClient('b'), { at: now })).rejects.toMatchObject(full)
    await expect(store.consume(makeMark('2'), now)).rejects.toMatchObject(full)
    await expect(store.replace(makeClient('a', { version: 2 }), { at: now, replay: makeMark('2') })).rejects.toMatchObject(full)
    expect(await store.find('a')).toMatchObject({ version: 1 })
    expect(await store.consume(makeMark('1'), now)).toBe('seen')
    await store.addInitialAccessToken({ digest: 'one', issuedAt: now })
    await store.addInitialAccessToken({ digest: 'one', issuedAt: now })
    await expect(store.addInitialAccessToken({ digest: 'two', issuedAt: now })).rejects.toMatchObject(full)

    expect(await store.replace(makeClient('a', { version: 2 }), { at: now + 1, replay: makeMark('2') })).toBe('replaced')
    await store.remove('a')
    expect(await store.admit(makeClient('b'), { at: now })).toBe('admitted')
  })

  test.each([{ capacity: 0 }, { capacity: 1.5 }, { size: 7 }, null])('takes no options such as %j', (options) => {
    expect(() => memoryClientStore(options as object)).toThrow(TypeError)
  })
})
