import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Debian, Fedora, Alpine and Homebrew put the library. */
const libraries = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
]

export const pin = '31415926'

/** A token of SoftHSM2 and the library that reaches it. */
export interface Token {
  readonly modulePath: string
  readonly label: string
  readonly slotId: number
  readonly folder: string
  /** pkcs11js, as it is. */
  readonly loadPkcs11: () => unknown
}

const require = createRequire(import.meta.url)
const loadPkcs11 = (): unknown => require('pkcs11js')

/** What keeps tokens from being tested here, or `undefined` if nothing does. */
export function findObstacle(): string | undefined {
  if (!libraries.some((path) => existsSync(path))) return 'SoftHSM2 is not installed (apt-get install softhsm2)'
  if (spawnSync('softhsm2-util', ['--version']).status !== 0) return 'softhsm2-util is not installed'
  try {
    loadPkcs11()
    return undefined
  } catch {
    return 'pkcs11js is not installed: it could not be built here'
  }
}

/** Makes an empty token in a folder of its own. The library reads its configuration from the environment of this process. */
export function makeToken(label: string): Token {
  const folder = mkdtempSync(join(tmpdir(), 'software-statement-token-'))
  mkdirSync(join(folder, 'tokens'))
  writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf')
  const slotId = initToken(label)
  return { modulePath: libraries.find((path) => existsSync(path)) ?? '', label, slotId, folder, loadPkcs11 }
}

/** Makes another token, and says the slot it is in. */
export function initToken(label: string): number {
  const args = ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '27182818']
  const { status, stdout, stderr } = spawnSync('softhsm2-util', args, { encoding: 'utf8' })
  const [, slot] = /reassigned to slot (\d+)/.exec(stdout) ?? []
  if (status !== 0 || slot === undefined) throw new Error(`softhsm2-util ended with ${status}: ${stdout}${stderr}`)
  return Number(slot)
}

/** The kinds of keys: how they are made (PKCS #11 3.0 2.1.4, 2.3.10), and of what. */
const kinds = {
  'P-256': { mechanism: 0x1040, publicTemplate: [{ type: 0x180, value: Buffer.from('06082a8648ce3d030107', 'hex') }] },
  'P-384': { mechanism: 0x1040, publicTemplate: [{ type: 0x180, value: Buffer.from('06052b81040022', 'hex') }] },
  'P-521': { mechanism: 0x1040, publicTemplate: [{ type: 0x180, value: Buffer.from('06052b81040023', 'hex') }] },
  secp256k1: { mechanism: 0x1040, publicTemplate: [{ type: 0x180, value: Buffer.from('06052b8104000a', 'hex') }] },
  Ed25519: {
    mechanism: 0x1055,
    publicTemplate: [{ type: 0x180, value: Buffer.from(`130c${Buffer.from('edwards25519').toString('hex')}`, 'hex') }],
  },
  RSA: {
    mechanism: 0x00,
    publicTemplate: [
      { type: 0x121, value: 2048 },
      { type: 0x122, value: Buffer.from('010001', 'hex') },
    ],
  },
} as const

export interface KeyOptions {
  readonly kind: keyof typeof kinds
  readonly label: string
  readonly id: string
  /** Whether the token keeps no public object. */
  readonly withoutPublic?: boolean
  /** The label of the public object, where it is another one. */
  readonly publicLabel?: string
  /** Whether each signature needs the PIN. */
  readonly alwaysAuthenticate?: boolean
}

interface Pkcs11 {
  load(path: string): void
  close(): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(present: boolean): Buffer[]
  C_GetTokenInfo(slot: Buffer): { readonly label: string }
  C_OpenSession(slot: Buffer, flags: number): Buffer
  C_Login(session: Buffer, user: number, pin: string): void
  C_GenerateKeyPair(session: Buffer, mechanism: object, publicTemplate: object[], privateTemplate: object[]): Keys
  C_DestroyObject(session: Buffer, key: Buffer): void
  C_GetAttributeValue(session: Buffer, key: Buffer, template: object[]): { readonly value: Buffer }[]
}

interface Keys {
  readonly privateKey: Buffer
  readonly publicKey: Buffer
}

/** Makes keys on a token, sensitive ones that nobody can take out, and says for each whether the token lets its value be read. */
export function makeKeys(token: Token, keys: readonly KeyOptions[]): readonly boolean[] {
  const { PKCS11 } = token.loadPkcs11() as { readonly PKCS11: new () => Pkcs11 } // what the package exports
  const pkcs11 = new PKCS11()
  pkcs11.load(token.modulePath)
  pkcs11.C_Initialize()
  try {
    const slot = pkcs11.C_GetSlotList(true).find((it) => pkcs11.C_GetTokenInfo(it).label.trim() === token.label)
    if (slot === undefined) throw new Error('there is no token')
    const session = pkcs11.C_OpenSession(slot, 0x04 | 0x02)
    pkcs11.C_Login(session, 1, pin)
    return keys.map((options) => isReadable(pkcs11, session, makeKey(pkcs11, session, options)))
  } finally {
    pkcs11.C_Finalize()
    pkcs11.close()
  }
}

function makeKey(pkcs11: Pkcs11, session: Buffer, options: KeyOptions): Buffer {
  const { kind, label, id, publicLabel = label } = options
  const { mechanism, publicTemplate } = kinds[kind]
  const onToken = (name: string) => [
    { type: 0x01, value: true },
    { type: 0x03, value: name },
    { type: 0x102, value: Buffer.from(id, 'hex') },
  ]
  const secret = [0x02, 0x103, 0x108].map((type) => ({ type, value: true })) // private, sensitive, for signatures
  const always = options.alwaysAuthenticate === true ? [{ type: 0x202, value: true }] : []
  const made = pkcs11.C_GenerateKeyPair(
    session,
    { mechanism },
    [...onToken(publicLabel), ...publicTemplate, { type: 0x10a, value: true }],
    [...onToken(label), ...secret, { type: 0x162, value: false }, ...always],
  )
  if (options.withoutPublic === true) pkcs11.C_DestroyObject(session, made.publicKey)
  return made.privateKey
}

function isReadable(pkcs11: Pkcs11, session: Buffer, key: Buffer): boolean {
  return [0x11, 0x123].some((type) => {
    try {
      return (pkcs11.C_GetAttributeValue(session, key, [{ type }])[0]?.value.length ?? 0) > 0
    } catch {
      return false
    }
  })
}
