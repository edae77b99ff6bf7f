import type { SqliteDatabase } from 'kysely'
import type { Database } from 'libsql'

/**
 * A database of `libsql` as Kysely takes it. A statement that found the file locked is in progress until it is collected, and
 * nothing can be committed as long; what `exec` runs is gone when it returns. So all that waits for locks, which is what has no
 * parameters, is run by that.
 */
export function adaptDatabase(database: Database): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text)
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters),
        iterate: (parameters) => statement.iterate(parameters),
        run(parameters) {
          if (parameters.length > 0) return statement.run(parameters)
          database.exec(text)
          return { changes: 0, lastInsertRowid: 0 }
        },
      }
    },
  }
}
