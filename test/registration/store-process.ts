// A process of its own that opens a store and admits clients to it, each after the one before, and says of each that it did.
// Arguments: the store, the name its clients begin with, how many of them (0: without end), and the schema where it is PostgreSQL.
import type { ClientStore } from '@software-statement/registration'
import { openClientStore } from '../../packages/registration/src/stores/open-store.js'
import { postgresClientStore } from '../../packages/registration/src/stores/postgres-store.js'
import { makeClient, now } from './clients.js'

const [store = '', prefix = '', most = '0', schema] = process.argv.slice(2)
const opened: ClientStore = await (schema === undefined ? openClientStore(store) : postgresClientStore(store, { schema }))
process.stdout.write('opened\n')
for (let index = 0; most === '0' || index < Number(most); index++) {
  const clientId = `${prefix}${index}`
  const outcome = await opened.admit(makeClient(clientId, { uniqueKeys: [clientId] }), { at: now })
  process.stdout.write(`${outcome} ${clientId}\n`)
}
await opened.close()
