import { randomUUID } from 'node:crypto'
import { Client } from 'pg'

/** A server of PostgreSQL whose user may create databases. */
const databaseUrl = process.env.DATABASE_URL || undefined

/** What keeps PostgreSQL from being tested here, or `undefined` if nothing does. */
export const obstacle = databaseUrl === undefined ? 'DATABASE_URL is not set' : undefined

/** A database of its own. */
export interface Database {
  readonly url: string
  /** Asks the database past every store. */
  query(text: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  drop(): Promise<void>
}

export async function createDatabase(): Promise<Database> {
  if (databaseUrl === undefined) throw new Error(obstacle)
  const name = `stores_${randomUUID().replaceAll('-', '')}`
  await ask(databaseUrl, `create database ${name}`)
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    query: (text, parameters) => ask(url.href, text, parameters),
    drop: async () => void (await ask(databaseUrl, `drop database ${name} with (force)`)),
  }
}

async function ask(connectionString: string, text: string, parameters: readonly unknown[] = []) {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, [...parameters])
    return rows
  } finally {
    await client.end()
  }
}
