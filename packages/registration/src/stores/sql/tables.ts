/**
 * The tables of a store, the same in every database. JSON is text, not `jsonb`: nothing asks for its insides, SQLite has no such
 * type, and `jsonb` would reorder members and refuse NUL. Times and counts that may be large are `double precision`, which both
 * databases give back as numbers; PostgreSQL's `bigint` comes as text. What clients or issuers name themselves, however long, is
 * looked up by its digest.
 */
export interface Tables {
  readonly clients: ClientRow
  readonly unique_keys: UniqueKeyRow
  readonly seen_statements: SeenStatementRow
  readonly initial_access_tokens: InitialAccessTokenRow
  readonly store_checks: StoreCheckRow
}

/** A client; `metadata` to `unique_keys` are JSON. */
export interface ClientRow {
  readonly client_id: string
  readonly version: number
  readonly issued_at: number
  readonly metadata: string
  readonly provenance: string
  readonly statement: string | null
  readonly secrets: string
  readonly tokens: string
  readonly unique_keys: string
  /** When the first of the replaced credentials expires. */
  readonly credentials_expire_at: number | null
}

export interface UniqueKeyRow {
  readonly digest: string
  readonly client_id: string
}

export interface SeenStatementRow {
  /** Of issuer and `jti`. */
  readonly digest: string
  readonly expires_at: number | null
}

export interface InitialAccessTokenRow {
  readonly digest: string
  readonly issued_at: number
  readonly expires_at: number | null
  readonly uses: number | null
}

/** One row, which is written to find out whether the store can be. */
export interface StoreCheckRow {
  readonly id: number
  readonly state: number
}
