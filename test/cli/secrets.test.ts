import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Definition } from '../../packages/cli/src/definition.js'
import { definitions } from '../../packages/cli/src/definitions.js'
import { keys, publicHalf } from '../support/keys.js'
import { audience, issuer, makeStatement, vouched } from '../support/make-jws.js'
import { type Outcome, runCli, trustFile } from './support.js'

const secretNames = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']
const passphrase = 'a passphrase that nobody should see'

/** Ends of base64 texts depend on where they are cut: the middle is what would be seen. */
const middle = (text: string) => text.slice(8, 40)

const kinds = {
  'EC P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'EC P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  Ed25519: () => generateKeyPairSync('ed25519').privateKey,
  RSA: () => createPrivateKey({ key: { ...keys.rsa }, format: 'jwk' }),
}

function makeSecrets(kind: keyof typeof kinds) {
  const key = kinds[kind]()
  const jwk = { ...key.export({ format: 'jwk' }), kid: 'the-key' }
  const pem = String(key.export({ type: 'pkcs8', format: 'pem' }))
  const encrypted = String(key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }))
  const members = Object.entries(jwk).flatMap(([name, value]) => (secretNames.includes(name) ? [String(value)] : []))
  const response = {
    client_id: 'x',
    client_secret: 'client-secret-9f8e7d6c5b4a3928170',
    registration_access_token: 'access-token-0a1b2c3d4e5f60718293',
    jwks: { keys: [jwk] },
  }
  const files = {
    'private.jwk': jwk,
    'private.pem': pem,
    'encrypted.pem': encrypted,
    'symmetric.jwk': keys.oct,
    'set.json': { keys: [jwk, keys.ed25519] },
    'passphrase.txt': passphrase,
    'response.json': { ...response, software_statement: makeStatement({ claims: { jwks: { keys: [jwk] } } }) },
    'private-trust.json': trustFile({ jwks: { keys: [jwk] } }),
    'symmetric-trust.json': trustFile({ jwks: { keys: [keys.oct] }, algorithms: ['HS512'] }),
    'private-metadata.json': { ...vouched, jwks: { keys: [jwk] } },
  }
  const pemLines = pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-'))
  const known = [
    keys.oct.k ?? '',
    keys.ed25519.d ?? '',
    passphrase,
    'client-secret-9f8e7d6c5b4a3928170',
    'access-token-0a1b2c3d4e5f60718293',
  ]
  return { files, secrets: [...members, ...pemLines, ...known].filter((secret) => secret !== '').map(middle) }
}

const found = ({ stdout, stderr }: Outcome, secrets: readonly string[]) =>
  secrets.filter((secret) => stdout.includes(secret) || stderr.includes(secret))

describe('no secret reaches standard output or standard error', () => {
  const signing = ['--key', 'private.jwk', '--issuer', issuer]

  test.each<[string, readonly string[]]>([
    ['jwks of a private key', ['jwks', 'private.jwk', 'symmetric.jwk']],
    ['jwks of a private key in PEM', ['jwks', 'private.pem']],
    ['signing', ['sign', 'metadata.json', ...signing]],
    ['a dry run', ['sign', 'metadata.json', ...signing, '--dry-run']],
    ['a private key as metadata', ['sign', 'private.jwk', '--key', 'metadata.json', '--issuer', issuer]],
    ['a private key in metadata', ['sign', 'private-metadata.json', ...signing]],
    ['a private key in PEM as metadata', ['sign', 'private.pem', ...signing]],
    ['a passphrase as key', ['sign', 'metadata.json', '--key', 'passphrase.txt', '--issuer', issuer]],
    ['a wrong passphrase', ['jwks', 'encrypted.pem', '--passphrase-file', 'private.pem']],
    ['a private key as policy', ['sign', 'metadata.json', ...signing, '--policy', 'private.jwk']],
    ['a private key as trust', ['verify', 'statement.jwt', '--trust', 'private.jwk']],
    ['a private key in the trust', ['verify', 'statement.jwt', '--trust', 'private-trust.json']],
    ['a symmetric key in the trust', ['verify', 'statement.jwt', '--trust', 'symmetric-trust.json']],
    ['a private key as statement', ['inspect', 'private.jwk']],
    ['a private key in PEM as statement', ['inspect', 'private.pem']],
    ['a response', ['inspect', 'response.json']],
    ['a response as JSON', ['inspect', 'response.json', '--json']],
    ['a response as request', ['verify', 'statement.jwt', '--trust', 'trust.json', '--request', 'response.json']],
    ['a private key as request', ['verify', 'statement.jwt', '--trust', 'trust.json', '--request', 'private.jwk', '--json']],
    ['a private key in a request', ['verify', 'statement.jwt', '--trust', 'trust.json', '--request', 'private-metadata.json']],
  ])('%s', async (_, argv) => {
    for (const kind of ['EC P-256', 'Ed25519', 'RSA'] as const) {
      const { files, secrets } = makeSecrets(kind)
      for (const env of [{}, { SOFTWARE_STATEMENT_DEBUG: '1' }]) {
        expect(found(await runCli(argv, { files, env }), secrets)).toEqual([])
      }
    }
  })

  const textOf = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content))
  const signs = ['sign', 'metadata.json', '--issuer', issuer]

  /** Where a value may be that somebody takes for a name. */
  const places: readonly (readonly [place: string, argv: (value: string) => readonly string[]])[] = [
    ['sign --key', (value) => [...signs, '--key', value]],
    ['sign --key=', (value) => [...signs, `--key=${value}`]],
    ['sign --key file:', (value) => [...signs, '--key', `file:${value}`]],
    ['sign --key env:', (value) => [...signs, '--key', `env:${value}`]],
    ['sign --key exec:', (value) => [...signs, '--public-key', 'key.json', '--key', `exec:${value}`]],
    ['sign --key pkcs11:', (value) => [...signs, '--key', `pkcs11:${value}`]],
    ['a PIN', (value) => [...signs, '--key', `pkcs11:object=a?module-path=/nowhere&pin-value=${value}`]],
    [
      'a PIN behind a scheme in capitals',
      (value) => [...signs, '--key', `PKCS11:object=a?module-path=/nowhere&pin-value=${value}`],
    ],
    ['sign --key ENV:', (value) => [...signs, '--key', `ENV:${value}`]],
    ['sign --key Exec:', (value) => [...signs, '--public-key', 'key.json', '--key', `Exec:${value}`]],
    ['the source of a PIN', (value) => [...signs, '--key', `pkcs11:object=a?module-path=/nowhere&pin-source=${value}`]],
    ['sign METADATA', (value) => ['sign', value, '--key', 'key.json', '--issuer', issuer]],
    ['sign --public-key', (value) => [...signs, '--key', 'exec:x', '--public-key', value]],
    ['sign --policy', (value) => [...signs, '--key', 'key.json', '--policy', value]],
    ['sign --passphrase-file', (value) => [...signs, '--key', 'key.json', '--passphrase-file', value]],
    ['sign --expires-in', (value) => [...signs, '--key', 'key.json', '--expires-in', value]],
    ['sign --alg', (value) => [...signs, '--key', 'key.json', '--alg', value]],
    ['sign --typ', (value) => [...signs, '--key', 'key.json', '--typ', `${value} `]],
    ['keygen --out, taken', (value) => ['keygen', '--out', value]],
    ['jwks', (value) => ['jwks', value]],
    ['jwks --next', (value) => ['jwks', 'key.json', '--next', value]],
    ['keys plan', (value) => ['keys', 'plan', '--current', 'key.json', value]],
    ['keys plan --current', (value) => ['keys', 'plan', '--current', value]],
    ['keys', (value) => ['keys', value, '--current', 'key.json']],
    ['verify', (value) => ['verify', value, '--trust', 'trust.json']],
    ['verify --trust', (value) => ['verify', 'statement.jwt', '--trust', value]],
    ['verify --request', (value) => ['verify', 'statement.jwt', '--trust', 'trust.json', '--request', value]],
    ['verify --at', (value) => ['verify', 'statement.jwt', '--trust', 'trust.json', '--at', value]],
    ['inspect', (value) => ['inspect', value]],
    ['serve --config', (value) => ['serve', '--config', value]],
    ['serve --trust', (value) => ['serve', '--trust', value]],
    ['serve --port', (value) => ['serve', '--port', value]],
    ['serve --issuer', (value) => ['serve', '--issuer', value]],
    ['serve --mode', (value) => ['serve', '--mode', value]],
    ['serve --store env:', (value) => ['serve', '--store', `env:${value}`]],
    ['register SERVER', (value) => ['register', value, '--metadata', 'metadata.json']],
    ['register --metadata', (value) => ['register', audience, '--metadata', value]],
    ['register --statement', (value) => ['register', audience, '--metadata', 'metadata.json', '--statement', value]],
    ['register --token', (value) => ['register', audience, '--metadata', 'metadata.json', '--token', `${value} ${value}`]],
    ['register --token env:', (value) => ['register', audience, '--metadata', 'metadata.json', '--token', `env:${value}`]],
    ['register --token file:', (value) => ['register', audience, '--metadata', 'metadata.json', '--token', `file:${value}`]],
    ['register --out, taken', (value) => ['register', audience, '--metadata', 'metadata.json', '--out', value]],
    ['client', (value) => ['client', value, 'response.json']],
    ['client FILE', (value) => ['client', 'get', value]],
    ['token create --count', (value) => ['token', 'create', '--store', 'x', '--count', value]],
    ['token create --expires-in', (value) => ['token', 'create', '--store', 'statement.jwt', '--expires-in', value]],
    ['token create --store', (value) => ['token', 'create', '--store', value]],
    ['token create --store env:', (value) => ['token', 'create', '--store', `env:${value}`]],
    ['a command', (value) => [value]],
    ['an operand too many', (value) => ['inspect', 'statement.jwt', value]],
    ['a flag that takes no value', (value) => ['inspect', 'statement.jwt', `--json=${value}`]],
  ]

  test.each(places)('what is a secret and no name: %s', async (place, argv) => {
    for (const kind of ['EC P-256', 'RSA'] as const) {
      const { files, secrets } = makeSecrets(kind)
      const { d = '' }: { readonly d?: string } = files['private.jwk']
      const values = [
        textOf(files['private.jwk']),
        ` ${textOf(files['private.jwk'])}`,
        JSON.stringify(files['private.jwk'], null, 2),
        JSON.stringify([files['private.jwk']]),
        Buffer.from(textOf(files['private.jwk'])).toString('base64'),
        files['private.pem'],
        `\n${files['private.pem']}`,
        `nowhere/${files['private.pem']}`,
        `nowhere/${d}`,
        d,
        textOf(keys.oct),
      ]
      for (const value of values) {
        for (const env of [{}, { SOFTWARE_STATEMENT_DEBUG: '1' }]) {
          const taken = place.endsWith('taken') ? { [value]: '' } : {}
          const outcome = await runCli(argv(value), { files: { ...files, ...taken }, env })
          expect(outcome.exit).not.toBe(0)
          expect(outcome.stderr).not.toBe('')
          expect(found(outcome, [...secrets, middle(Buffer.from(textOf(files['private.jwk'])).toString('base64'))])).toEqual([])
        }
      }
    }
  })

  const statement = makeStatement()

  test.each([
    ['a token with white space around it', ` ${statement}\n`],
    ['a token with a dot too many', `${statement}.x`],
    ['a token in quotes', `"${statement}"`],
    ['a token behind its scheme', `Bearer ${statement}`],
    ['a token without its signature', statement.slice(0, statement.lastIndexOf('.'))],
    ['the claims of a token', statement.split('.')[1] ?? ''],
  ])('%s', async (_, value) => {
    for (const argv of [
      ['verify', value, '--trust', 'trust.json'],
      ['inspect', value],
      ['keys', 'plan', '--current', 'key.json', value],
    ]) {
      const { exit, stderr } = await runCli(argv)
      expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(/the operand \(which does not/) })
      for (const segment of statement.split('.')) expect(stderr).not.toContain(middle(segment))
    }
  })

  test.each([
    ['a passphrase in place of its file', [...signs, '--key', 'key.json', '--passphrase-file', 'hunter2'], '--passphrase-file'],
    ['the same for jwks', ['jwks', 'key.json', '--passphrase-file', 'hunter2'], '--passphrase-file'],
    ['a PIN in place of its file', [...signs, '--key', 'pkcs11:id=a?module-path=/x&pin-source=hunter2'], 'pin-source'],
    ['a passphrase for a variable', [...signs, '--key', 'env:hunter2'], '--key'],
    ['a PIN behind PKCS11:', [...signs, '--key', 'PKCS11:id=a?module-path=/x&pin-value=hunter2'], 'pkcs11js'],
    ['a PIN behind Pkcs11: for jwks', ['jwks', 'Pkcs11:id=a?module-path=/x&pin-value=hunter2'], 'pkcs11js'],
    ['a PIN behind another scheme', [...signs, '--key', 'pkcs-11:id=a?module-path=/x&pin-value=hunter2'], '--key'],
    ['a PIN where no scheme is', ['jwks', './id=a?module-path=/x&PIN-Value=hunter2'], 'a key'],
    ['a PIN behind file:', [...signs, '--key', 'file:pkcs11:id=a&pin-value=hunter2'], '--key'],
    ['a PIN for a policy', [...signs, '--key', 'key.json', '--policy', 'pkcs11:id=a?pin-source=hunter2'], '--policy'],
    ['a PIN for a public key', [...signs, '--key', 'exec:a', '--public-key', 'pkcs11:pin-value=hunter2'], '--public-key'],
    [
      'a PIN in a variable whose scheme is in capitals',
      [...signs, '--key', 'PKCS11:id=a?module-path=/x&pin-source=ENV:hunter2'],
      'pin-source',
    ],
    ['a passphrase behind ENV:', [...signs, '--key', 'ENV:hunter2'], '--key'],
    ['a command behind Exec:', [...signs, '--key', 'Exec:sign --pin hunter2'], 'exec:'],
    ['a password in a URL', ['verify', 'statement.jwt', '--trust', 'https://me:hunter2@as.example/trust.json'], '--trust'],
    ['a folder that holds a passphrase', ['jwks', 'key.json', '--passphrase-file', 'dir/hunter2'], '--passphrase-file'],
  ])('%s', async (_, argv, flag) => {
    const { exit, stdout, stderr } = await runCli(argv)
    expect({ exit, stdout, stderr }).toEqual({ exit: 2, stdout: '', stderr: expect.stringContaining(flag) })
    expect(stderr).not.toContain('hunter2')
  })

  test('what looks like a path is named, so that it can be found', async () => {
    for (const path of ['nowhere.json', 'etc/no where.jwk', 'C:\\keys\\key.pem', './a.b.c', '../x', 'Schlüssel']) {
      const { stderr } = await runCli(['jwks', path])
      expect(stderr).toBe(`software-statement: ${path}: there is no such file\n`)
    }
  })

  const key = { kty: 'EC', crv: 'P-256', x: 'seen-x', y: 'seen-y', kid: 'seen-kid' }

  test.each<[string, object]>([
    ['a private key without kty', { jwks: { keys: [{ k: 'hidden-k', d: 'hidden-d', kid: 'seen-kid' }] } }],
    ['a private key without kty, alone', { jwk: { d: 'hidden-d', crv: 'P-256' } }],
    [
      'a private key without kty, elsewhere',
      {
        other: [
          { d: 'hidden-d', crv: 'P-256' },
          { n: 'seen-n', q: 'hidden-q' },
        ],
      },
    ],
    ['what nobody knows of a private key', { jwks: { keys: [{ ...key, d: 'hidden-d', seed: 'hidden-seed' }] } }],
    [
      'the primes of a private key',
      { keys: [{ n: 'seen-n', d: 'hidden-d', oth: [{ r: 'hidden-r', d: 'hidden-d', t: 'hidden-t' }] }] },
    ],
    ['a private key deep in a set', { jwks: { keys: { a: [[{ d: 'hidden-d' }]] } } }],
    ['a private key as text', { jwks: JSON.stringify({ keys: [{ kty: 'EC', d: 'hidden-d' }] }) }],
    ['private keys as texts', { jwks: { keys: [` ${JSON.stringify({ d: 'hidden-d' })}`] } }],
    ['a private key as PEM', { note: '-----BEGIN PRIVATE KEY-----hidden-----END PRIVATE KEY-----' }],
    ['an access token', { access_token: 'hidden', token_type: 'seen' }],
    ['an initial access token', { initial_access_token: 'hidden' }],
    ['a token of the registration', { registration_access_token: ['hidden'], 'registration_access_token#de': { a: 'hidden' } }],
    ['other tokens', { refresh_token: 'hidden', id_token: 'hidden', token: 'hidden' }],
    ['a secret', { client_secret: 'hidden', secret: 'hidden', 'client_secret#de-CH': 'hidden' }],
    ['what authenticates a client', { client_assertion: 'hidden', password: 'hidden', key_passphrase: 'hidden' }],
    ['userinfo in a URI', { jwks_uri: 'https://hidden:hidden@seen.example/jwks' }],
    ['userinfo in URIs', { redirect_uris: ['https://hidden@seen.example', 'postgres://hidden:hid@den@seen.example/x?a@b'] }],
    ['userinfo as browsers read it', { client_uri: 'https:\\\\hidden@seen.example', logo_uri: '//hidden@seen.example' }],
    ['userinfo in a text', { policy: 'see https://hidden@seen.example/ and ftp://hidden@seen.example' }],
  ])('%s is not shown, in a claim, around a statement or in a header', async (_, members) => {
    for (const argv of [
      ['inspect', '-'],
      ['inspect', '-', '--trust', 'trust.json'],
    ]) {
      for (const json of [[], ['--json']]) {
        for (const stdin of [
          makeStatement({ claims: { ...members } }),
          makeStatement({ header: { ...members } }),
          { ...members, software_statement: makeStatement() },
        ]) {
          const { stdout, stderr } = await runCli([...argv, ...json], { stdin })
          expect(`${stdout}${stderr}`).not.toContain('hidden')
          // A header with a key of its own is malformed, and nothing of it is shown.
          if (stdout.includes('ERR_HEADER_FORBIDDEN')) continue
          expect(stdout).toContain('[redacted]')
          expect(stdout.includes('seen')).toBe(JSON.stringify(members).includes('seen'))
        }
      }
    }
  })

  test.each([
    { token_endpoint_auth_method: 'none', client_secret_expires_at: 0, contacts: ['security@mail.example'] },
    { redirect_uris: ['https://mail.example/@me', 'https://mail.example/?to=a@b', 'com.example.app:/x'] },
    { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', n: 'a', custom: 'y' }] }, d: 'not a key', k: { d: 1 } },
    { id_token_signed_response_alg: 'ES256', software_version: 'https://mail.example' },
  ])('what is no secret is shown: %j', async (members) => {
    const { stdout } = await runCli(['inspect', makeStatement({ claims: members }), '--json'])
    expect(JSON.parse(stdout).claims).toMatchObject(members)
  })

  test('keygen shows the public half only', async () => {
    const outcome = await runCli(['keygen', '--out', 'new.json'])
    const { d } = JSON.parse(outcome.written.get('new.json')?.text ?? '')
    expect(found(outcome, [middle(d)])).toEqual([])
  })

  test('whatever files are given for whatever they are not', async () => {
    const { files } = makeSecrets('Ed25519')
    const names = [...Object.keys(files), 'metadata.json', 'key.json', 'trust.json', 'statement.jwt', 'request.json', '-']
    const file = fc.constantFrom(...names)
    const values = new Map<string, fc.Arbitrary<string>>([
      ['issuer', fc.constant(issuer)],
      ['audience', fc.constant(audience)],
      ['alg', fc.constantFrom('EdDSA', 'ES256', 'HS512')],
      ['expires-in', fc.constant('1 day')],
      ['at', fc.constant('2026-11-21T12:00:00Z')],
      ['kid', fc.constant('k')],
      ['typ', fc.constant('JWT')],
      ['extra-member', fc.constant('d')],
      ['out', fc.constant('new.file')],
    ])
    const commandLine = fc.constantFrom(...Object.entries<Definition>(definitions)).chain(([command, definition]) => {
      const { options, operands, actions = [] } = definition
      const flags = Object.entries(options).map(([flag, { type }]) => {
        const given = (values.get(flag) ?? file).map((value) => (type === 'boolean' ? [`--${flag}`] : [`--${flag}`, value]))
        return 'demandOption' in options ? given : fc.oneof(given, given, fc.constant<string[]>([]))
      })
      return fc
        .tuple(fc.array(file, { minLength: operands.least, maxLength: Math.min(operands.most, 2) }), ...flags)
        .map((parts) => [command, ...actions.slice(0, 1), ...parts.flat()])
    })
    const kind = fc.constantFrom<keyof typeof kinds>('EC P-256', 'EC P-384', 'Ed25519', 'RSA')
    await fc.assert(
      fc.asyncProperty(commandLine, kind, async (argv, which) => {
        const { files, secrets } = makeSecrets(which)
        expect(found(await runCli(argv, { files, stdin: files['private.jwk'] }), secrets)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('the check finds what is shown', async () => {
    const { files, secrets } = makeSecrets('EC P-256')
    const shown = await runCli(['inspect', makeStatement({ claims: { note: String(files['private.jwk'].d) } })])
    expect(found(shown, secrets)).toHaveLength(1)
    expect(publicHalf(keys.ed25519)).not.toHaveProperty('d')
  })
})
