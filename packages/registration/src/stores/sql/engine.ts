import type { Kysely } from 'kysely'
import type { Tables } from './tables.js'

/** How a database is asked: all that SQLite and PostgreSQL do differently. */
export interface Engine {
  /** Asks what changes nothing. It sees what has been committed. */
  read<Answer>(work: (db: Kysely<Tables>) => Promise<Answer>): Promise<Answer>
  /**
   * Does work that changes something, in one transaction; resolves when that is durable. Work that throws has changed nothing. It
   * may be done again from its start, where the database gave up.
   */
  write<Answer>(work: (db: Kysely<Tables>) => Promise<Answer>): Promise<Answer>
  /** Ends what is open, after what is under way. */
  close(): Promise<void>
}
