import { memoryClientStore, rotateClientSecret } from '@software-statement/registration'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createCredential, matchCredential } from '../../../packages/registration/src/credentials/credential.js'
import { basic, post, serveClients } from '../../support/client-server.js'
import { now } from '../../support/make-jws.js'
import { outcomeOfPromise } from '../../support/outcomes.js'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a secret or token', () => {
  test('has 256 random bits, and is stored as its digest alone', async () => {
    const random = vi.fn((bytes: Uint8Array) => bytes.fill(255))
    const { text, stored } = await createCredential(now, 60, random)
    expect(random.mock.calls.map(([bytes]) => bytes.length)).toEqual([32])
    expect(text).toBe(`${'_'.repeat(42)}8`)
    expect(stored).toEqual({ digest: expect.stringMatching(/^[\w-]{43}$/), issuedAt: now, expiresAt: now + 60 })
    expect(JSON.stringify(stored)).not.toContain(text)
  })

  test('is another one each time', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => createCredential(now)))
    expect(new Set(made.map(({ text }) => text)).size).toBe(100)
    expect(made.every(({ stored }) => stored.expiresAt === undefined)).toBe(true)
  })

  test('matches while one of the stored ones has not expired', async () => {
    const [first, second, third] = await Promise.all([createCredential(now, 60), createCredential(now), createCredential(now)])
    const stored = [second.stored, first.stored]
    expect(await matchCredential(first.text, stored, now + 59)).toBe(true)
    expect(await matchCredential(first.text, stored, now + 60)).toBe(false)
    expect(await matchCredential(second.text, stored, now + 60)).toBe(true)
    expect(await matchCredential(third.text, stored, now)).toBe(false)
    expect(await matchCredential(first.text, [], now)).toBe(false)
  })

  test('matches by its digest only: not the digest itself, not what nothing is compared with', async () => {
    const { stored } = await createCredential(now)
    for (const text of [stored.digest, '', 'A'.repeat(43)]) {
      expect(await matchCredential(text, [stored], now)).toBe(false)
      expect(await matchCredential(text, [], 0)).toBe(false)
    }
  })
})

/** A server with one client, and what becomes of its secrets. */
async function serveOne(lifetime?: number) {
  const it = serveClients()
  const secret = await it.admit('app', { token_endpoint_auth_method: 'client_secret_basic' }, lifetime)
  const attempt = (text: string) => outcomeOfPromise(it.authenticate(post({}, basic('app', text))))
  const rotate = (options = {}) =>
    rotateClientSecret(it.store, 'app', { now: () => new Date(it.clock.seconds * 1000), ...options })
  return { ...it, secret, attempt, rotate }
}

describe('the secrets of a client', () => {
  test('count until they expire', async () => {
    const { secret, attempt, clock } = await serveOne(60)
    clock.seconds = now + 59
    expect(await attempt(secret)).toBe('accepted')
    clock.seconds = now + 60
    expect(await attempt(secret)).toBe('ERR_CLIENT_AUTHENTICATION')
  })

  test('overlap when they are rotated, as long as it is said', async () => {
    const { secret, attempt, clock, rotate } = await serveOne()
    const rotated = await rotate({ overlap: '1 hour' })
    const next = rotated?.client_secret ?? ''
    expect(rotated).toMatchObject({ client_secret_expires_at: 0, client: { version: 2 } })
    expect([await attempt(secret), await attempt(next)]).toEqual(['accepted', 'accepted'])
    clock.seconds = now + 3599
    expect(await attempt(secret)).toBe('accepted')
    clock.seconds = now + 3600
    expect([await attempt(secret), await attempt(next)]).toEqual(['ERR_CLIENT_AUTHENTICATION', 'accepted'])
  })

  test('count no longer at once where there is no overlap', async () => {
    const { secret, attempt, rotate, store } = await serveOne()
    const next = (await rotate({ overlap: 0, lifetime: '30 days' }))?.client_secret ?? ''
    expect([await attempt(secret), await attempt(next)]).toEqual(['ERR_CLIENT_AUTHENTICATION', 'accepted'])
    expect((await store.find('app'))?.secrets).toEqual([
      { digest: expect.any(String), issuedAt: now, expiresAt: now + 2_592_000 },
    ])
  })

  test('get no longer life by a rotation than they had', async () => {
    const { secret, attempt, clock, rotate, store } = await serveOne(60)
    await rotate({ overlap: '1 day' })
    clock.seconds = now + 60
    expect(await attempt(secret)).toBe('ERR_CLIENT_AUTHENTICATION')
    await rotate()
    expect((await store.find('app'))?.secrets).toHaveLength(2)
  })

  test('are told once and stored as digests', async () => {
    const { rotate, store } = await serveOne()
    const rotated = await rotate()
    expect(JSON.stringify(await store.find('app'))).not.toContain(rotated?.client_secret)
  })

  test('are all there when several are made at once', async () => {
    const { attempt, rotate, store } = await serveOne()
    const rotated = await Promise.all(Array.from({ length: 4 }, () => rotate()))
    for (const one of rotated) expect(await attempt(one?.client_secret ?? '')).toBe('accepted')
    expect(await store.find('app')).toMatchObject({ version: 5 })
  })

  test('are an outage where others change the client all the time', async () => {
    const { rotate, store } = await serveOne()
    const replace = vi.spyOn(store, 'replace').mockResolvedValue('changed')
    expect(await outcomeOfPromise(rotate())).toBe('ERR_STORE_UNAVAILABLE')
    expect(replace).toHaveBeenCalledTimes(5)
  })

  test('are not made for a client that is not there, or is gone meanwhile', async () => {
    expect(await rotateClientSecret(memoryClientStore(), 'nobody')).toBeUndefined()
    const { rotate, store } = await serveOne()
    vi.spyOn(store, 'replace').mockResolvedValue('gone')
    expect(await rotate()).toBeUndefined()
  })

  test('are not made for a client that has none', async () => {
    const it = serveClients()
    await it.admit('public', { token_endpoint_auth_method: 'none' })
    await expect(rotateClientSecret(it.store, 'public')).rejects.toThrow(TypeError)
  })

  test('have times of whole seconds, whatever is asked for', async () => {
    const { rotate, store } = await serveOne()
    expect(await rotate({ overlap: 1.5, lifetime: '2.5 s' })).toMatchObject({ client_secret_expires_at: now + 3 })
    expect((await store.find('app'))?.secrets.map(({ expiresAt }) => expiresAt)).toEqual([now + 3, now + 2])
  })

  test.each([{ overlap: 'soon' }, { overlap: -1 }, { lifetime: 'long' }, { lifetime: 0 }, { overlaps: 0 }])(
    '%j is a mistake of the program',
    async (options) => {
      const { rotate } = await serveOne()
      await expect(rotate(options)).rejects.toThrow(TypeError)
    },
  )
})
