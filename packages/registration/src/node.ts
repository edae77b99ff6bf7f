export type { DroppedConnection } from './node/connections.js'
export {
  createNodeListener,
  type NodeListener,
  type NodeListenerOptions,
  type RequestHandler,
} from './node/listener.js'
export { createNodeServer, type NodeServer } from './node/server.js'
export type { NodeServerOptions } from './node/server-options.js'
