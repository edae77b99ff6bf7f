import { type ClientStore, memoryClientStore, openClientStore } from '@software-statement/registration'
import { TrustUnavailableError } from '@software-statement/verifier'
import { describe, expect, test } from 'vitest'
import { digestText } from '../../packages/registration/src/credentials/credential.js'
import { now } from '../support/make-jws.js'
import { runCli } from './support.js'

const create = ['token', 'create', '--store', 'clients.db']
const files = { 'clients.db': '' }

/** A store that tells whether it has been closed, and under which names it was opened. */
function watchStore() {
  const store = memoryClientStore()
  const opened: string[] = []
  let closed = 0
  const openStore = async (name: string): Promise<ClientStore> => {
    opened.push(name)
    return {
      ...store,
      close: async () => {
        closed++
      },
    }
  }
  return { store, opened, openStore, closed: () => closed }
}

describe('token create', () => {
  test.each<[readonly string[], object]>([
    [[], { uses: 1 }],
    [['--count', '7'], { uses: 7 }],
    [['--count', 'unlimited'], {}],
    [['--expires-in', '2 hours'], { uses: 1, expiresAt: now + 7200 }],
  ])('with %j tells a token once, and stores its digest: %j', async (argv, stored) => {
    const { store, openStore, opened, closed } = watchStore()
    const { exit, stdout, stderr } = await runCli([...create, ...argv], { openStore, files })
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: expect.stringMatching(/^[\w-]{43}\n$/), stderr: '' })
    const digest = await digestText(stdout.trim())
    expect(await store.findInitialAccessToken(digest)).toEqual({ digest, issuedAt: now, ...stored })
    expect([opened, closed()]).toEqual([['clients.db'], 1])
  })

  test('takes the store from a variable', async () => {
    const { openStore, opened } = watchStore()
    const { exit } = await runCli(['token', 'create', '--store', 'env:STORE'], {
      openStore,
      env: { STORE: 'postgres://user:pw@db/x' },
    })
    expect([exit, opened]).toEqual([0, ['postgres://user:pw@db/x']])
  })

  test.each<[string, readonly string[], RegExp]>([
    ['a store that ends with the command', ['token', 'create', '--store', 'memory'], /in memory/],
    ['standard input as store', ['token', 'create', '--store', '-'], /- names no store/],
    ['no registration', [...create, '--count', '0'], /--count/],
    ['half a registration', [...create, '--count', '1.5'], /--count/],
    ['no time', [...create, '--expires-in', '0'], /expiresIn/],
    ['a time that is none', [...create, '--expires-in', 'soon'], /duration/],
    ['a file there is not', ['token', 'create', '--store', 'typo.db'], /no such SQLite file; the server makes/],
    ['another action', ['token', 'delete', '--store', 'x'], /token needs one of create/],
  ])('of %s is exit code 2', async (_, argv, reason) => {
    const { openStore } = watchStore()
    const { exit, stdout, stderr } = await runCli(argv, { openStore, files })
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringMatching(reason) })
  })

  test('of a store that is neither file nor PostgreSQL says what stores there are', async () => {
    const { exit, stderr } = await runCli(['token', 'create', '--store', 'mysql://db/x'], { openStore: openClientStore })
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(/a store is "memory"/) })
  })

  test('where the store cannot be opened is exit code 3', async () => {
    const openStore = () => Promise.reject(new TrustUnavailableError('ERR_STORE_UNAVAILABLE', 'it is not there'))
    const { exit, stdout, stderr } = await runCli(create, { openStore, files })
    expect({ exit, stdout, stderr }).toEqual({ exit: 3, stdout: '', stderr: 'ERR_STORE_UNAVAILABLE: it is not there\n' })
  })
})
