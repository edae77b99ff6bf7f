import { TrustUnavailableError } from '@software-statement/core'
import type { ClientStore, StoredClient } from '@software-statement/registration'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { anyClient } from './any-client.js'
import { credential, look, makeClient, makeMark, makeToken, now, throughJson } from './clients.js'

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index))
const count = <Value>(values: readonly Value[], value: Value) => values.filter((it) => it === value).length

/** What every store does. `open` opens an empty one. */
export function holdToContract(open: () => Promise<ClientStore>): void {
  const opened: ClientStore[] = []
  const openEmpty = async () => {
    const store = await open()
    opened.push(store)
    return store
  }
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  describe('clients', () => {
    test('a client is found as it was admitted, and no other is', async () => {
      const store = await openEmpty()
      const client = makeClient('Abc', { uniqueKeys: ['one', 'two'], secrets: [credential('s2'), credential('s1', now + 60.5)] })
      expect(await store.admit(client, { at: now })).toBe('admitted')
      expect(await store.find('Abc')).toEqual(client)
      const others = ['abc', 'Ab', 'Abc ', '', '%', 'Abc\0', 'Abc\0d', '\0', '\ud800', 'x'.repeat(100_000), "' or 1=1 --"]
      for (const other of others) {
        expect(await store.find(other)).toBeUndefined()
        expect(await store.remove(other)).toBe(false)
      }
    })

    test('a client without a statement, secrets and tokens has none when it is found', async () => {
      const store = await openEmpty()
      const { statement: _, ...client } = makeClient('a', { secrets: [], tokens: [], metadata: {}, provenance: {} })
      await store.admit(client, { at: now })
      expect(await store.find('a')).toStrictEqual(client)
    })

    test('every client is given back as JSON says it', async () => {
      const store = await openEmpty()
      const clients = new Set<string>()
      const keys = new Set<string>()
      await fc.assert(
        fc.asyncProperty(anyClient, async (client) => {
          fc.pre(!clients.has(client.clientId) && !client.uniqueKeys.some((key) => keys.has(key)))
          expect(await store.admit(client, { at: now })).toBe('admitted')
          clients.add(client.clientId)
          for (const key of client.uniqueKeys) keys.add(key)
          const stored = await store.find(client.clientId)
          expect(JSON.stringify(stored?.metadata)).toBe(JSON.stringify(client.metadata))
          expect(throughJson(stored)).toEqual(throughJson(client))
        }),
        { numRuns: 200 },
      )
    })

    test('a client is replaced whole', async () => {
      const store = await openEmpty()
      await store.admit(makeClient('a', { uniqueKeys: ['one'] }), { at: now })
      const { statement: _, ...other } = makeClient('a', {
        metadata: { scope: 'mail' },
        secrets: [],
        version: 2,
        issuedAt: now + 1,
      })
      expect(await store.replace(other, { at: now })).toBe('replaced')
      expect(await store.find('a')).toStrictEqual(other)
    })

    test('nobody changes what is stored', async () => {
      const store = await openEmpty()
      const client = { ...makeClient('a'), metadata: { contacts: ['mail@mail.example'] } }
      await store.admit(client, { at: now })
      client.metadata.contacts.push('evil@evil.example')
      const found = await store.find('a')
      expect(found?.metadata).toEqual({ contacts: ['mail@mail.example'] })
      expect(() => Object.assign(found?.metadata ?? {}, { scope: 'admin' })).toThrow(TypeError)
      expect(await store.find('a')).toEqual(found)
    })

    test('a client is removed once, with its unique keys', async () => {
      const store = await openEmpty()
      await store.admit(makeClient('a', { uniqueKeys: ['one'] }), { at: now })
      expect(await store.remove('a')).toBe(true)
      expect(await store.remove('a')).toBe(false)
      expect(await store.find('a')).toBeUndefined()
      expect(await store.replace(makeClient('a', { version: 2 }), { at: now })).toBe('gone')
      expect(await store.admit(makeClient('b', { uniqueKeys: ['one'] }), { at: now })).toBe('admitted')
      expect(await store.admit(makeClient('a'), { at: now })).toBe('admitted')
    })
  })

  describe('an admission that is refused changes nothing', () => {
    const spent = { initialAccessToken: 'spent' }
    const used = { replay: makeMark('used') }
    test.each<[what: string, client: Partial<StoredClient>, admission: object, outcome: string]>([
      ['a token nobody knows', {}, { initialAccessToken: 'unknown' }, 'token-spent'],
      ['a token that is no text of a database', {}, { initialAccessToken: 'good\0' }, 'token-spent'],
      ['a token without uses', {}, spent, 'token-spent'],
      ['a token that has expired', {}, { initialAccessToken: 'expired' }, 'token-spent'],
      ['a mark that was consumed', {}, used, 'replayed'],
      ['a client_id that there is', { clientId: 'there' }, {}, 'id-taken'],
      ['a unique key that another client has', { uniqueKeys: ['free', 'taken'] }, {}, 'key-taken'],
      ['all of it', { clientId: 'there', uniqueKeys: ['taken'] }, { ...used, ...spent }, 'token-spent'],
      ['all but the token', { clientId: 'there', uniqueKeys: ['taken'] }, used, 'replayed'],
      ['client_id and key', { clientId: 'there', uniqueKeys: ['taken'] }, {}, 'id-taken'],
    ])('%s', async (_, members, admission, outcome) => {
      const store = await openEmpty()
      await store.admit(makeClient('there', { uniqueKeys: ['taken'] }), { at: now, replay: makeMark('used') })
      await store.addInitialAccessToken(makeToken('good', { uses: 1 }))
      await store.addInitialAccessToken(makeToken('spent', { uses: 0 }))
      await store.addInitialAccessToken(makeToken('expired', { expiresAt: now }))
      const see = () => look(store, ['there', 'new'], ['good', 'spent', 'expired'])
      const before = await see()

      const given = { at: now, replay: makeMark('fresh'), initialAccessToken: 'good', ...admission }
      expect(await store.admit(makeClient('new', { uniqueKeys: ['free'], ...members }), given)).toBe(outcome)
      expect(await see()).toEqual(before)
      const next = { at: now, replay: makeMark('fresh'), initialAccessToken: 'good' }
      expect(await store.admit(makeClient('next', { uniqueKeys: ['free'] }), next)).toBe('admitted')
    })
  })

  describe('a replacement that is refused changes nothing', () => {
    test.each<[what: string, client: Partial<StoredClient>, mark: string, outcome: string]>([
      ['of a client there is not', { clientId: 'nobody', uniqueKeys: ['taken'] }, 'used', 'gone'],
      ['of a version that was replaced', { version: 2, uniqueKeys: ['taken'] }, 'used', 'changed'],
      ['of a version to come', { version: 4 }, 'fresh', 'changed'],
      ['as a first version', { version: 1 }, 'fresh', 'changed'],
      ['with a mark that was consumed', { uniqueKeys: ['taken'] }, 'used', 'replayed'],
      ['with a unique key that another client has', { uniqueKeys: ['own', 'taken'] }, 'fresh', 'key-taken'],
    ])('%s', async (_, members, mark, outcome) => {
      const store = await openEmpty()
      await store.admit(makeClient('other', { uniqueKeys: ['taken'] }), { at: now, replay: makeMark('used') })
      await store.admit(makeClient('own', { uniqueKeys: ['own', 'free'] }), { at: now })
      await store.replace(makeClient('own', { uniqueKeys: ['own'], version: 2 }), { at: now })
      const before = await look(store, ['own', 'other', 'nobody'])

      const given = makeClient('own', { version: 3, ...members })
      expect(await store.replace(given, { at: now, replay: makeMark(mark) })).toBe(outcome)
      expect(await look(store, ['own', 'other', 'nobody'])).toEqual(before)
      expect(await store.admit(makeClient('x', { uniqueKeys: ['own'] }), { at: now })).toBe('key-taken')
      const next = makeClient('own', { uniqueKeys: ['own', 'free'], version: 3 })
      expect(await store.replace(next, { at: now, replay: makeMark('fresh') })).toBe('replaced')
      expect(await store.admit(makeClient('x', { uniqueKeys: ['free'] }), { at: now })).toBe('key-taken')
    })

    test('unique keys that a client gives up are free for others', async () => {
      const store = await openEmpty()
      await store.admit(makeClient('a', { uniqueKeys: ['one', 'two', 'two'] }), { at: now })
      expect(await store.replace(makeClient('a', { uniqueKeys: ['two', 'three'], version: 2 }), { at: now })).toBe('replaced')
      expect(await store.admit(makeClient('b', { uniqueKeys: ['one'] }), { at: now })).toBe('admitted')
      expect(await store.admit(makeClient('c', { uniqueKeys: ['two'] }), { at: now })).toBe('key-taken')
      expect(await store.admit(makeClient('c', { uniqueKeys: ['three'] }), { at: now })).toBe('key-taken')
    })
  })

  describe('marks', () => {
    test('count until they expire, and from then on anew', async () => {
      const store = await openEmpty()
      const mark = makeMark('1', { expiresAt: now + 10.5 })
      expect(await store.consume(mark, now)).toBe('first')
      expect(await store.consume(mark, now + 10)).toBe('seen')
      expect(await store.admit(makeClient('a'), { at: now + 10, replay: mark })).toBe('replayed')
      expect(await store.admit(makeClient('a'), { at: now + 10.5, replay: { ...mark, expiresAt: now + 20 } })).toBe('admitted')
      expect(await store.consume(mark, now + 19)).toBe('seen')
      expect(await store.consume(makeMark('1'), now + 20)).toBe('first')
      expect(await store.consume(mark, 1e12)).toBe('seen')
    })

    test('stay where their client is removed or replaced', async () => {
      const store = await openEmpty()
      await store.admit(makeClient('a'), { at: now, replay: makeMark('1') })
      await store.replace(makeClient('a', { version: 2 }), { at: now, replay: makeMark('2') })
      await store.remove('a')
      expect(await Promise.all([store.consume(makeMark('1'), now), store.consume(makeMark('2'), now)])).toEqual(['seen', 'seen'])
    })

    test('are told apart by issuer and jti, whatever these are', async () => {
      const store = await openEmpty()
      const long = 'x'.repeat(100_000)
      const names = [
        '',
        'a',
        'A',
        'a ',
        'a\0',
        'a\0b',
        'a,b',
        '"',
        '","',
        '\ud800',
        '\udfff',
        '\ufffd',
        'é',
        'e\u0301',
        long,
        `${long}y`,
      ]
      const marks = names.flatMap((issuer) => names.map((jti) => makeMark(jti, { issuer })))
      const first = await Promise.all(marks.map((mark) => store.consume(mark, now)))
      expect(count(first, 'first')).toBe(names.length ** 2)
      const again = await Promise.all(marks.map((mark) => store.consume(mark, now)))
      expect(count(again, 'seen')).toBe(names.length ** 2)
    })
  })

  describe('initial access tokens', () => {
    test('count as often as they say', async () => {
      const store = await openEmpty()
      await store.addInitialAccessToken(makeToken('two', { uses: 2, expiresAt: now + 60 }))
      await store.addInitialAccessToken(makeToken('any'))
      const outcomes: string[] = []
      for (const [index, initialAccessToken] of ['two', 'any', 'two', 'any', 'two', 'any'].entries()) {
        outcomes.push(await store.admit(makeClient(`${index}`), { at: now + 59, initialAccessToken }))
      }
      expect(outcomes).toEqual(['admitted', 'admitted', 'admitted', 'admitted', 'token-spent', 'admitted'])
      expect(await store.findInitialAccessToken('two')).toEqual(makeToken('two', { uses: 0, expiresAt: now + 60 }))
      expect(await store.findInitialAccessToken('any')).toStrictEqual(makeToken('any'))
    })

    test('are found by their digest alone', async () => {
      const store = await openEmpty()
      await store.addInitialAccessToken(makeToken('Abc'))
      for (const digest of ['abc', 'Abc\0', '', 'Ab', '%']) expect(await store.findInitialAccessToken(digest)).toBeUndefined()
    })

    test('get no new uses by being added again', async () => {
      const store = await openEmpty()
      await store.addInitialAccessToken(makeToken('one', { uses: 1 }))
      await store.admit(makeClient('a'), { at: now, initialAccessToken: 'one' })
      await store.addInitialAccessToken(makeToken('one', { uses: 1 }))
      expect(await store.admit(makeClient('b'), { at: now, initialAccessToken: 'one' })).toBe('token-spent')
    })

    test('of as many uses as there are numbers are counted down by one', async () => {
      const store = await openEmpty()
      await store.addInitialAccessToken(makeToken('many', { uses: Number.MAX_SAFE_INTEGER }))
      await store.admit(makeClient('a'), { at: now, initialAccessToken: 'many' })
      expect(await store.findInitialAccessToken('many')).toMatchObject({ uses: Number.MAX_SAFE_INTEGER - 1 })
    })
  })

  describe('what has expired is forgotten', () => {
    test('marks, initial access tokens and replaced credentials, and nothing else', async () => {
      const store = await openEmpty()
      await store.consume(makeMark('early', { expiresAt: now }), now - 1)
      await store.consume(makeMark('late', { expiresAt: now + 1 }), now - 1)
      await store.consume(makeMark('never'), now - 1)
      await store.addInitialAccessToken(makeToken('early', { expiresAt: now }))
      await store.addInitialAccessToken(makeToken('late', { expiresAt: now + 1 }))
      await store.addInitialAccessToken(makeToken('spent', { uses: 0 }))
      const secrets = [credential('newest', now - 9), credential('late', now + 1), credential('early', now), credential('never')]
      const tokens = [credential('newest'), credential('earlier', now - 1)]
      const client = makeClient('a', { secrets, tokens, uniqueKeys: ['one'] })
      await store.admit(client, { at: now - 1 })

      expect(await store.forgetExpired(now)).toBe(4)
      expect(await store.forgetExpired(now)).toBe(0)
      expect(await look(store, ['a'], ['early', 'late', 'spent'])).toEqual({
        clients: [{ ...client, secrets: [secrets[0], secrets[1], secrets[3]], tokens: [tokens[0]] }],
        tokens: [undefined, makeToken('late', { expiresAt: now + 1 }), makeToken('spent', { uses: 0 })],
      })
      expect(await store.consume(makeMark('late'), now)).toBe('seen')
      expect(await store.consume(makeMark('never'), now)).toBe('seen')
      expect(await store.admit(makeClient('b', { uniqueKeys: ['one'] }), { at: now })).toBe('key-taken')
      expect(await store.forgetExpired(now + 1)).toBe(3)
      expect(await store.replace({ ...client, version: 2 }, { at: now })).toBe('replaced')
    })

    test('however much it is', async () => {
      const store = await openEmpty()
      await Promise.all(times(1100, (index) => store.consume(makeMark(`${index}`, { expiresAt: now }), now - 1)))
      const secrets = [credential('new'), credential('old', now)]
      await Promise.all(times(600, (index) => store.admit(makeClient(`${index}`, { secrets }), { at: now - 1 })))
      expect(await store.forgetExpired(now)).toBe(1700)
      expect(await store.find('599')).toMatchObject({ secrets: [credential('new')] })
    })
  })

  describe('of many at once', () => {
    test('one of 100 admissions with one mark is admitted', async () => {
      const store = await openEmpty()
      const replay = makeMark('once')
      const outcomes = await Promise.all(times(100, (index) => store.admit(makeClient(`${index}`), { at: now, replay })))
      expect([count(outcomes, 'admitted'), count(outcomes, 'replayed')]).toEqual([1, 99])
      const found = await Promise.all(times(100, (index) => store.find(`${index}`)))
      expect(found.map((client) => client !== undefined)).toEqual(outcomes.map((outcome) => outcome === 'admitted'))
    })

    test('one of 100 admissions with one unique key is admitted', async () => {
      const store = await openEmpty()
      const clients = times(100, (index) => makeClient(`${index}`, { uniqueKeys: [`own ${index}`, 'shared'] }))
      const outcomes = await Promise.all(clients.map((client) => store.admit(client, { at: now })))
      expect([count(outcomes, 'admitted'), count(outcomes, 'key-taken')]).toEqual([1, 99])
    })

    test('one of 100 admissions with one client_id is admitted', async () => {
      const store = await openEmpty()
      const outcomes = await Promise.all(times(100, (index) => store.admit(makeClient('a', { issuedAt: index }), { at: now })))
      expect([count(outcomes, 'admitted'), count(outcomes, 'id-taken')]).toEqual([1, 99])
      expect(await store.find('a')).toMatchObject({ issuedAt: outcomes.indexOf('admitted') })
    })

    test.each([1, 7])('%i of 100 admissions with a token of as many uses are admitted', async (uses) => {
      const store = await openEmpty()
      await store.addInitialAccessToken(makeToken('token', { uses }))
      const admission = { at: now, initialAccessToken: 'token' }
      const outcomes = await Promise.all(times(100, (index) => store.admit(makeClient(`${index}`), admission)))
      expect([count(outcomes, 'admitted'), count(outcomes, 'token-spent')]).toEqual([uses, 100 - uses])
      expect(await store.findInitialAccessToken('token')).toMatchObject({ uses: 0 })
    })

    test('refused admissions take no use of a token, not even for a while', async () => {
      const store = await openEmpty()
      await store.addInitialAccessToken(makeToken('token', { uses: 10 }))
      await store.admit(makeClient('there', { uniqueKeys: ['taken'] }), { at: now })
      const admission = { at: now, initialAccessToken: 'token' }
      const refused = times(50, (index) => makeClient(`refused-${index}`, { uniqueKeys: ['taken'] }))
      const good = times(10, (index) => makeClient(`good-${index}`))
      const outcomes = await Promise.all([...refused, ...good].map((client) => store.admit(client, admission)))
      // A refused one that has not been undone yet may hold the last use: nobody else may be told that the token is spent.
      expect([count(outcomes, 'admitted'), count(outcomes.slice(0, 50), 'admitted')]).toEqual([10, 0])
    })

    test('one of 100 replacements of one version is done', async () => {
      const store = await openEmpty()
      await store.admit(makeClient('a'), { at: now })
      const versions = times(100, (index) => makeClient('a', { version: 2, metadata: { client_name: `${index}` } }))
      const outcomes = await Promise.all(versions.map((client) => store.replace(client, { at: now })))
      expect([count(outcomes, 'replaced'), count(outcomes, 'changed')]).toEqual([1, 99])
      expect(await store.find('a')).toMatchObject({ metadata: { client_name: `${outcomes.indexOf('replaced')}` } })
    })

    test('one of 100 uses of a mark is the first, and one of 100 removals finds the client', async () => {
      const store = await openEmpty()
      await store.admit(makeClient('a'), { at: now })
      const marks = await Promise.all(times(100, () => store.consume(makeMark('1', { expiresAt: now + 1 }), now)))
      const removals = await Promise.all(times(100, () => store.remove('a')))
      expect([count(marks, 'first'), count(removals, true)]).toEqual([1, 1])
    })

    test('clients that trade unique keys end with all of them or with none', async () => {
      const store = await openEmpty()
      const all = times(8, (index) => `key ${index}`)
      await Promise.all(all.map((key, index) => store.admit(makeClient(`${index}`, { uniqueKeys: [key] }), { at: now })))
      for (let version = 2; version < 8; version++) {
        const trades = all.map(async (_, index) => {
          const found = await store.find(`${index}`)
          if (found === undefined) throw new Error('a client is lost')
          const uniqueKeys = [`key ${(index + version) % 8}`, `key ${(index * 3 + version) % 8}`]
          return store.replace({ ...found, uniqueKeys, version: found.version + 1 }, { at: now })
        })
        expect(['replaced', 'key-taken']).toEqual(expect.arrayContaining([...new Set(await Promise.all(trades))]))
        const clients = await Promise.all(all.map((_, index) => store.find(`${index}`)))
        const owned = clients.flatMap((client) => [...new Set(client?.uniqueKeys)])
        expect(new Set(owned).size).toBe(owned.length)
      }
    })

    test('what is forgotten meanwhile and what is written anew do not meet', async () => {
      const store = await openEmpty()
      const marks = times(50, (index) => makeMark(`${index}`, { expiresAt: now }))
      await Promise.all(marks.map((mark) => store.consume(mark, now - 1)))
      const anew = marks.map((mark) => store.consume({ ...mark, expiresAt: now + 100 }, now))
      const [outcomes] = await Promise.all([Promise.all(anew), store.forgetExpired(now), store.forgetExpired(now)])
      expect(count(outcomes, 'first')).toBe(50)
      const again = await Promise.all(marks.map((mark) => store.consume(mark, now)))
      expect(count(again, 'seen')).toBe(50)
    })
  })

  describe('what no store could keep is a misuse', () => {
    test.each<[what: string, ask: (store: ClientStore) => Promise<unknown>]>([
      ['an empty client_id', (store) => store.admit(makeClient(''), { at: now })],
      ['a client_id with NUL', (store) => store.admit(makeClient('a\0'), { at: now })],
      ['a client_id with half a character', (store) => store.admit(makeClient('a\ud800'), { at: now })],
      ['a first version that is not 1', (store) => store.admit(makeClient('a', { version: 2 }), { at: now })],
      ['a version that is no whole number', (store) => store.replace(makeClient('a', { version: 1.5 }), { at: now })],
      ['a version that is too large', (store) => store.replace(makeClient('a', { version: 2 ** 31 }), { at: now })],
      ['a time of issue that is no number', (store) => store.admit(makeClient('a', { issuedAt: Number.NaN }), { at: now })],
      [
        'an expiry that is no number',
        (store) => store.admit(makeClient('a', { tokens: [credential('t', Number.NaN)] }), { at: now }),
      ],
      ['a time of admission that is no number', (store) => store.admit(makeClient('a'), { at: Number.NaN })],
      ['a time of replacement that is no number', (store) => store.replace(makeClient('a', { version: 2 }), { at: Number.NaN })],
      ['an endless mark', (store) => store.consume(makeMark('1', { expiresAt: Number.POSITIVE_INFINITY }), now)],
      ['a mark of a time that is no number', (store) => store.consume(makeMark('1'), Number.NaN)],
      ['a part of a use', (store) => store.addInitialAccessToken(makeToken('t', { uses: 0.5 }))],
      ['less than no use', (store) => store.addInitialAccessToken(makeToken('t', { uses: -1 }))],
      ['a token without a digest', (store) => store.addInitialAccessToken(makeToken(''))],
      ['forgetting at a time that is no number', (store) => store.forgetExpired(Number.NaN)],
    ])('%s', async (_, ask) => {
      await expect(ask(await openEmpty())).rejects.toThrow(TypeError)
    })
  })

  describe('a store', () => {
    test('can be checked, again and again', async () => {
      const store = await openEmpty()
      for (const _ of times(3, Number)) await expect(store.check()).resolves.toBeUndefined()
    })

    test('that is closed has done what was asked before, and does nothing more', async () => {
      const store = await openEmpty()
      const admission = store.admit(makeClient('a'), { at: now })
      expect(await admission).toBe('admitted')
      await store.close()
      await store.close()
      const asked: (() => Promise<unknown>)[] = [
        () => store.admit(makeClient('b'), { at: now }),
        () => store.find('a'),
        () => store.replace(makeClient('a', { version: 2 }), { at: now }),
        () => store.remove('a'),
        () => store.consume(makeMark('1'), now),
        () => store.addInitialAccessToken(makeToken('t')),
        () => store.findInitialAccessToken('t'),
        () => store.forgetExpired(now),
        () => store.check(),
      ]
      for (const ask of asked) await expect(ask()).rejects.toThrow(TrustUnavailableError)
      await expect(store.check()).rejects.toMatchObject({ code: 'ERR_STORE_UNAVAILABLE' })
    })
  })
}
