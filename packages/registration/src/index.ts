export type {
  Admission,
  AdmissionOutcome,
  ClientStore,
  InitialAccessToken,
  ReplacementOutcome,
  StoredClient,
  StoredCredential,
  StoredStatement,
} from './stores/client-store.js'
export { type MemoryStoreOptions, memoryClientStore } from './stores/memory-store.js'
