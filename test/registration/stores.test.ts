import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryClientStore, postgresClientStore, sqliteClientStore } from '@software-statement/registration'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { createDatabase, type Database, obstacle } from '../support/postgres.js'
import { expectSameAnswers } from './same-answers.js'
import { holdToContract } from './stores.contract.js'

// Every test opens a database of its own, and machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

describe('in memory', () => {
  holdToContract(async () => memoryClientStore())
})

describe('in a SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stores-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const open = () => sqliteClientStore(join(folder, `${randomUUID()}.db`))
  holdToContract(open)

  test('whatever is asked is answered as in memory', async () => {
    const store = await open()
    await expectSameAnswers(store)
    await store.close()
  })
})

if (obstacle !== undefined) console.log(`skipped: stores in PostgreSQL: ${obstacle}`)

describe.skipIf(obstacle !== undefined)('in PostgreSQL', () => {
  let database: Database
  let schemas = 0
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.drop())
  const open = () => postgresClientStore(database.url, { schema: `store_${schemas++}` })
  holdToContract(open)

  test('whatever is asked is answered as in memory', async () => {
    const store = await open()
    await expectSameAnswers(store)
    await store.close()
  })
})
