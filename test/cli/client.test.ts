import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { GuardedMessage, GuardedSend } from '@software-statement/verifier'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { bearer, endServices, makeFolder, removeFolders, seconds, serve, start, write } from './service.js'
import { runCli } from './support.js'

vi.setConfig({ testTimeout: 120_000 })

afterEach(endServices)
afterAll(removeFolders)

const url = 'https://as.example/reg/x'
const saved = {
  client_id: 'x',
  client_name: 'Mail',
  token_endpoint_auth_method: 'client_secret_basic',
  client_secret: 'secret-0123456789',
  client_secret_expires_at: 0,
  client_id_issued_at: 1,
  registration_client_uri: url,
  registration_access_token: 'token-0123456789',
}
const { client_secret, registration_access_token, ...withoutCredentials } = saved

interface Sent extends GuardedMessage {
  readonly url: string
}

/** A server that gives one answer, and remembers what it was asked. */
function answering(status: number, body: object | string) {
  const sent: Sent[] = []
  const send: GuardedSend = async (asked, message) => {
    sent.push({ url: asked, ...message })
    return { status, headers: new Headers(), body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }
  }
  return { sent, send }
}

const files = { 'client.json': saved, 'new.json': { client_name: 'Newer' } }
const update = ['client', 'update', 'client.json', '--metadata', 'new.json']

describe('client get', () => {
  test('shows what the server has without secrets, and keeps the file as new as that', async () => {
    const { send, sent } = answering(200, {
      ...withoutCredentials,
      client_name: 'Other',
      registration_access_token: 'token-new-456789',
    })
    const { exit, stdout, stderr, written } = await runCli(['client', 'get', 'client.json'], { send, files })
    expect(sent).toEqual([{ url, method: 'GET', headers: { authorization: `Bearer ${registration_access_token}` } }])
    expect({ exit, shown: JSON.parse(stdout), stderr }).toEqual({
      exit: 0,
      shown: {
        ...withoutCredentials,
        client_name: 'Other',
        client_secret: '[redacted]',
        registration_access_token: '[redacted]',
      },
      stderr: '',
    })
    const { text = '', mode } = written.get('client.json') ?? {}
    expect({ mode, saved: JSON.parse(text) }).toEqual({
      mode: 0o600,
      saved: { ...saved, client_name: 'Other', registration_access_token: 'token-new-456789' },
    })
  })
})

describe('client update', () => {
  test('sends the metadata with the client_id, and nothing that a client must not send', async () => {
    const { send, sent } = answering(200, withoutCredentials)
    const { exit } = await runCli(update, { send, files: { ...files, 'new.json': { ...saved, client_name: 'Newer' } } })
    const [{ method, body = '', headers } = { method: 'none', headers: {} }] = sent
    expect({ exit, method, headers, body: JSON.parse(body) }).toEqual({
      exit: 0,
      method: 'PUT',
      headers: { authorization: `Bearer ${registration_access_token}`, 'content-type': 'application/json' },
      body: { client_name: 'Newer', token_endpoint_auth_method: 'client_secret_basic', client_id: 'x' },
    })
  })

  test.each<[string, object, object]>([
    ['keeps the secret and the token that the answer does not repeat', {}, { client_secret, registration_access_token }],
    [
      'takes new ones',
      { client_secret: 'new', registration_access_token: 'newer' },
      { client_secret: 'new', registration_access_token: 'newer' },
    ],
    ...['client_secret_post', 'client_secret_jwt', undefined].map((token_endpoint_auth_method): [string, object, object] => [
      `keeps the secret for the method ${token_endpoint_auth_method}`,
      { token_endpoint_auth_method },
      { client_secret, registration_access_token },
    ]),
    ...['none', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', 'another'].map(
      (token_endpoint_auth_method): [string, object, object] => [
        `gives the secret up for the method ${token_endpoint_auth_method}`,
        { token_endpoint_auth_method },
        { registration_access_token },
      ],
    ),
  ])('%s', async (_, answer, kept) => {
    const { send } = answering(200, { ...withoutCredentials, ...answer })
    const { exit, written } = await runCli(update, { send, files })
    const text = written.get('client.json')?.text ?? ''
    expect({ exit, saved: JSON.parse(text) }).toEqual({ exit: 0, saved: { ...withoutCredentials, ...answer, ...kept } })
  })

  test('tells everything where it cannot be kept', async () => {
    const world = { ...answering(200, { ...saved, registration_access_token: 'newer' }), files, diskIsFull: true }
    const { exit, stdout } = await runCli(update, world)
    expect({ exit, told: JSON.parse(stdout) }).toEqual({ exit: 2, told: { ...saved, registration_access_token: 'newer' } })
  })
})

describe('client delete', () => {
  test('removes the client, and then the file', async () => {
    const { send, sent } = answering(204, '')
    const { exit, stdout, stderr, removed } = await runCli(['client', 'delete', 'client.json'], { send, files })
    expect(sent).toEqual([{ url, method: 'DELETE', headers: { authorization: `Bearer ${registration_access_token}` } }])
    expect({ exit, stdout, stderr, removed }).toEqual({
      exit: 0,
      stdout: '',
      stderr: '204: client x is deleted, and so is the file with its token\n',
      removed: ['client.json'],
    })
  })

  test.each<[number, object | string, number, string]>([
    [401, { error: 'invalid_token', error_description: 'No' }, 1, 'invalid_token: No\n'],
    [405, '', 1, 'the server answered 405\n'],
    [503, '', 3, 'the server answered 503\n'],
    [200, {}, 3, 'the server answered 200\n'],
  ])('keeps the file where the server answers %i', async (status, body, code, reason) => {
    const { exit, stderr, removed } = await runCli(['client', 'delete', 'client.json'], { ...answering(status, body), files })
    expect({ exit, stderr, removed }).toEqual({ exit: code, stderr: reason, removed: [] })
  })
})

describe('a refusal leaves the file as it is', () => {
  test.each([['client', 'get', 'client.json'], update])('%s %s', async (...argv) => {
    const { exit, stdout, stderr, written } = await runCli(argv, { ...answering(401, { error: 'invalid_token' }), files })
    expect({ exit, stdout, stderr, written: [...written.keys()] }).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'invalid_token\n',
      written: [],
    })
  })
})

describe('misuse is exit code 2, and nothing is sent', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no action', ['client', 'client.json'], /client needs one of get, update, delete/],
    ['no file', ['client', 'get'], /client needs get\|update\|delete FILE/],
    ['standard input', ['client', 'get', '-'], /- names no file/],
    ['an update of nothing', ['client', 'update', 'client.json'], /needs --metadata/],
    ['metadata for another action', ['client', 'get', 'client.json', '--metadata', 'new.json'], /are for client update/],
    [
      'a statement for another action',
      ['client', 'delete', 'client.json', '--statement', 'statement.jwt'],
      /are for client update/,
    ],
    ['a file of something else', ['client', 'get', 'new.json'], /is it of register --out/],
    ['a file with a URL that is none', ['client', 'get', 'odd.json'], /registration_client_uri must be/],
    ['metadata of another client', ['client', 'update', 'client.json', '--metadata', 'other.json'], /another client_id/],
  ])('%s', async (_, argv, reason) => {
    const { send, sent } = answering(200, saved)
    const more = {
      'odd.json': { ...saved, registration_client_uri: 'http://as.example/reg/x' },
      'other.json': { client_id: 'y' },
    }
    const { exit, stdout, stderr } = await runCli(argv, { send, files: { ...files, ...more } })
    expect({ exit, stdout, stderr, sent }).toEqual({ exit: 2, stdout: '', stderr: expect.stringMatching(reason), sent: [] })
  })
})

describe('against a server', () => {
  test('a client is registered, read, updated and deleted, and then its token is dead', async () => {
    const cwd = makeFolder()
    write(cwd, 'serve.json', { store: 'clients.db', tokenRotation: { overlap: 0 } })
    const service = await serve(['--config', 'serve.json'], cwd)
    write(cwd, 'metadata.json', { client_name: 'Mail', redirect_uris: ['https://mail.example/cb'] })
    const read = () => JSON.parse(readFileSync(join(cwd, 'client.json'), 'utf8'))

    const made = start(cwd, 'register', service.origin, '--metadata', 'metadata.json', '--out', 'client.json')
    expect(made).toMatchObject({ status: 0, stderr: '' })
    expect(statSync(join(cwd, 'client.json')).mode & 0o777).toBe(0o600)
    const first = read()
    expect(JSON.parse(made.stdout)).toMatchObject({ client_id: first.client_id, client_secret: '[redacted]' })
    expect(start(cwd, 'register', service.origin, '--metadata', 'metadata.json', '--out', 'client.json').status).toBe(2)

    expect(start(cwd, 'client', 'get', 'client.json')).toMatchObject({ status: 0, stderr: '' })
    expect(read()).toEqual(first)
    write(cwd, 'metadata.json', { ...first, client_name: 'Newer' })
    expect(start(cwd, 'client', 'update', 'client.json', '--metadata', 'metadata.json')).toMatchObject({ status: 0, stderr: '' })
    const second = read()
    expect(second).toMatchObject({ client_name: 'Newer', client_secret: first.client_secret, client_id: first.client_id })
    expect(second.registration_access_token).not.toBe(first.registration_access_token)
    expect(first.client_id_issued_at).toBeGreaterThanOrEqual(seconds - 1)

    const gone = start(cwd, 'client', 'delete', 'client.json')
    expect(gone).toEqual({ status: 0, stdout: '', stderr: expect.stringMatching(/^204: /) })
    expect(existsSync(join(cwd, 'client.json'))).toBe(false)
    const response = await fetch(second.registration_client_uri, bearer(second.registration_access_token))
    expect(response.status).toBe(401)
  })

  test('a registration that is refused leaves no file behind', async () => {
    const cwd = makeFolder()
    const service = await serve(['--store', 'memory', '--mode', 'token'])
    write(cwd, 'metadata.json', { redirect_uris: ['https://mail.example/cb'] })
    const argv = ['register', service.origin, '--metadata', 'metadata.json', '--out', 'client.json']
    expect(start(cwd, ...argv)).toEqual({ status: 1, stdout: '', stderr: 'invalid_token: A bearer token is required\n' })
    expect(readdirSync(cwd)).toEqual(['metadata.json'])
    write(cwd, 'client.json', { mine: true })
    expect(start(cwd, ...argv, '--force').status).toBe(1)
    expect(readdirSync(cwd)).toEqual(['client.json', 'metadata.json'])
    expect(readFileSync(join(cwd, 'client.json'), 'utf8')).toBe('{"mine":true}')
    await service.stop()
    expect(start(cwd, ...argv, '--force')).toMatchObject({
      status: 3,
      stdout: '',
      stderr: expect.stringContaining('could not be asked'),
    })
  })
})
