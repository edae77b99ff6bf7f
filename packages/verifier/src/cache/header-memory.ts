import { headerSegmentOf, type KnownHeaders, type ParsedStatement, type StatementHeader } from '@software-statement/core'
import { LRUCache } from 'lru-cache'

/** Remembers the headers of approved statements: the statements of one key have the same, byte for byte. */
export interface HeaderMemory extends KnownHeaders {
  remember(statement: ParsedStatement): void
}

/** Headers with certificates are longer, and change with them. */
const longest = 512
const most = 100

/** Makes a memory for statements that are parsed under the same limits. What is not approved cannot fill it. */
export function rememberHeaders(): HeaderMemory {
  const headers = new LRUCache<string, StatementHeader>({ max: most })
  return {
    get: (segment) => (segment.length > longest ? undefined : headers.get(segment)),
    remember({ compact, header }) {
      const segment = headerSegmentOf(compact)
      if (segment.length <= longest && headers.peek(segment) === undefined) headers.set(segment, header)
    },
  }
}
