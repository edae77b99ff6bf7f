import { AccessError } from '@software-statement/core'

/** What is asked for. */
export type Operation = 'register' | 'read' | 'update' | 'delete' | 'discover'

/** What a path leads to. */
export interface Route {
  /** The operations there by their HTTP methods. */
  readonly operations: { readonly [method: string]: Operation }
  /** The `client_id` in the path of a client configuration endpoint, as it stands there. */
  readonly clientId?: string
}

/** The paths of an endpoint. */
export interface Paths {
  readonly registration: string
  readonly documents: readonly string[]
}

const registration: Route = { operations: { POST: 'register' } }
const configuration = { GET: 'read', PUT: 'update', DELETE: 'delete' } as const
const discovery: Route = { operations: { GET: 'discover', HEAD: 'discover' } }

/** Finds what the path of a request leads to. Throws `AccessError` with `ERR_PATH_UNKNOWN`. */
export function findRoute(url: string, paths: Paths): Route {
  const { pathname } = new URL(url)
  if (pathname === paths.registration) return registration
  if (paths.documents.includes(pathname)) return discovery
  const [clientId = '', ...rest] = pathname.startsWith(`${paths.registration}/`)
    ? pathname.slice(paths.registration.length + 1).split('/')
    : []
  if (clientId === '' || rest.length > 0) throw new AccessError('ERR_PATH_UNKNOWN', 'there is nothing at this path')
  return { operations: configuration, clientId }
}

/** The operation of a method. Throws `AccessError` with `ERR_METHOD_NOT_ALLOWED`. */
export function findOperation({ operations }: Route, method: string): Operation {
  const operation = Object.hasOwn(operations, method) ? operations[method] : undefined
  if (operation === undefined) throw new AccessError('ERR_METHOD_NOT_ALLOWED', 'this method does nothing here')
  return operation
}
