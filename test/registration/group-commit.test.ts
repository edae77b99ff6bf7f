import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { Kysely, SqliteDialect, sql } from 'kysely'
import Database from 'libsql'
import { afterAll, describe, expect, test } from 'vitest'
import { groupCommits } from '../../packages/registration/src/stores/sql/group-commit.js'
import { adaptDatabase } from '../../packages/registration/src/stores/sql/sqlite-database.js'
import type { Tables } from '../../packages/registration/src/stores/sql/tables.js'

const folder = mkdtempSync(join(tmpdir(), 'stores-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

function openGroups() {
  const file = join(folder, `${files++}.db`)
  const database = new Database(file)
  database.exec('pragma journal_mode = wal')
  database.exec('create table marks (name text primary key)')
  const statements: string[] = []
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: adaptDatabase(database) }),
    log: ({ query }) => void statements.push(query.sql),
  })
  const { write, drain } = groupCommits(db, () => setImmediate())
  return {
    database,
    commits: () => statements.filter((text) => text === 'commit').length,
    drain,
    write,
    add: (name: string, fails = false) =>
      write(async (connection) => {
        await sql`insert into marks (name) values (${name})`.execute(connection)
        if (fails) throw new Error(`${name} fails`)
        return name
      }),
    /** What another connection sees: what is committed. */
    names() {
      const other = new Database(file)
      try {
        return (other.prepare('select name from marks order by name').all([]) as { name: string }[]).map(({ name }) => name)
      } finally {
        other.close()
      }
    },
    close: () => db.destroy(),
  }
}

describe('writes that wait together', () => {
  test('share a commit, at most a hundred of them', async () => {
    const groups = openGroups()
    const names = Array.from({ length: 250 }, (_, index) => `${index}`)
    expect(await Promise.all(names.map((name) => groups.add(name)))).toEqual(names)
    expect(groups.commits()).toBe(3)
    expect(groups.names()).toEqual(names.toSorted())
    await groups.close()
  })

  test('are committed when they are acknowledged, each that succeeds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), async (failures) => {
        const groups = openGroups()
        const outcomes = failures.map(async (fails, index) => {
          const outcome = await groups.add(`${index}`.padStart(2, '0'), fails).catch((error: Error) => error.message)
          return [outcome, groups.names()] as const
        })
        for (const [index, [outcome, names]] of (await Promise.all(outcomes)).entries()) {
          const name = `${index}`.padStart(2, '0')
          expect(outcome).toBe(failures[index] ? `${name} fails` : name)
          expect(names.includes(name)).toBe(!failures[index])
        }
        await groups.close()
      }),
      { numRuns: 50 },
    )
  })

  test('where the disk is full, those that are acknowledged are there and no others', async () => {
    const groups = openGroups()
    groups.database.exec('pragma max_page_count = 20')
    const names = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(3000)}`)
    const outcomes = await Promise.allSettled(names.map((name) => groups.add(name)))
    const acknowledged = names.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    expect(acknowledged.length).toBeLessThan(names.length)
    expect(groups.names()).toEqual(acknowledged.toSorted())
    groups.database.exec('pragma max_page_count = 1000')
    expect(await groups.add('later')).toBe('later')
    await groups.close()
  })

  test('whose transaction is lost are all refused, and the next ones are not', async () => {
    const groups = openGroups()
    // Ends the transaction that the group shares.
    const loss = groups.write((connection) => sql`rollback`.execute(connection))
    const outcomes = await Promise.allSettled([groups.add('before'), loss, groups.add('after')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(groups.names()).toEqual([])
    expect(await groups.add('later')).toBe('later')
    await groups.close()
  })

  test('are all done when the queue is drained', async () => {
    const groups = openGroups()
    const names = Array.from({ length: 150 }, (_, index) => `${index}`)
    const writes = names.map((name) => groups.add(name))
    await groups.drain()
    expect(groups.names()).toHaveLength(150)
    await Promise.all(writes)
    await groups.drain()
    await groups.close()
  })
})
