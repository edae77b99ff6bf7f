import type { AsymmetricAlgorithm, SymmetricAlgorithm } from '@software-statement/core'
import type { InferredOptionTypes } from 'yargs'
import { type Definition, flag, list, needed, none, text, trust } from './definition.js'
import { registrationDefinitions } from './registration-definitions.js'

const audience = text('The name of the server that the statement is to be used at')
const at = text('The time to judge at: RFC 3339 or seconds since 1970; default: now')

// Spelled out: importing them would load core, and with it zod, for a mere --help.
const asymmetric = 'ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512 EdDSA Ed25519'.split(
  ' ',
) as readonly AsymmetricAlgorithm[]
const symmetric = ['HS256', 'HS384', 'HS512'] as const satisfies readonly SymmetricAlgorithm[]

const statement = { usage: 'STATEMENT|FILE|-', least: 1, most: 1 }

const subjectNotes = `What has two dots and is base64url otherwise is a token, anything else a file name, - standard input.`
const timeNotes = `With --at only the time of judgement changes: key sets are taken as they are now.`

const trustNotes = `Checked, in this order: the form of the token and its JSON (no duplicate members, no extensions, no embedded keys),
that it is no other kind of JWT, the issuer by its exact name, algorithm, typ and x5c as the issuer may use them,
the signature with the keys of that issuer only, claims, times, audience, and what the issuer may vouch for. Where trust
rests on certificates, the issuer is the one that the certificate names, whose path to an anchor has to be valid (RFC 5280).`

const exitNotes = 'Exit code: 0 accepted, 1 refused, 2 usage or configuration, 3 could not find out.'

const keyNotes = `A key is the name of a JWK or PEM file (or file:PATH), env:NAME for a variable that holds one, or signs elsewhere:
pkcs11:token=T;object=K?module-path=LIBRARY&pin-source=FILE (RFC 7512; needs the package pkcs11js) on a token, or
exec:COMMAND through a program that gets the data on standard input and SOFTWARE_STATEMENT_ALG in its environment, and
answers within 60 s with the signature (raw or DER, as bytes or base64) on standard output. No shell is in between.`

/** Every command with every flag: arguments, help, completion and tests come from here. */
export const definitions = {
  keygen: {
    describe: 'Make a key for signing statements',
    operands: none,
    options: {
      alg: { ...text('Signature algorithm'), choices: asymmetric, default: 'ES256' },
      out: needed('File for the private key; must not be there yet'),
    },
    notes: `The private key goes to the file, readable by its owner only (mode 0600); the public key goes to standard output.
There are no keys for HS256 and its kind: whoever could check such a statement could also forge it.`,
    examples: [['$0 keygen --alg ES256 --out key.jwk.json', 'make a key']],
  },
  jwks: {
    describe: 'Make the JWK Set to publish from one or several keys',
    operands: { usage: 'KEY...', least: 1, most: Number.POSITIVE_INFINITY },
    options: {
      next: list('Key that will sign next; repeatable'),
      retired: list('Key that signs no more, whose statements are still valid; repeatable'),
      'public-key': list('Public key of an exec: key: JWK or PEM file; repeatable, in the order of the keys'),
      'passphrase-file': text('File with the passphrase of encrypted PEM keys'),
    },
    notes: `${keyNotes}
Name the current key, the next one, for servers have to know a key before it signs, and retired ones as long as a
statement of theirs is valid: keys plan says how long. Public keys will do, as JWK or PEM (PUBLIC KEY).
Only public members are written. Symmetric keys are refused, and two keys with one kid.`,
    examples: [['$0 jwks key.jwk.json --next next.jwk.json --retired old.public.json > jwks.json', 'publish three keys']],
  },
  keys: {
    describe: 'Plan the rotation of keys: what to publish, and when',
    actions: ['plan'],
    operands: { usage: 'plan [STATEMENT|FILE|-]...', least: 1, most: Number.POSITIVE_INFINITY },
    options: {
      current: { ...list('Key that signs; repeatable'), demandOption: true },
      next: list('Key that will sign next; repeatable'),
      retired: list('Key that signs no more; repeatable'),
      'public-key': list('Public key of an exec: key: JWK or PEM file; repeatable, in the order of the keys'),
      'passphrase-file': text('File with the passphrase of encrypted PEM keys'),
      'cache-lifetime': text('How long servers keep a key set before they look again; default: 1 day'),
      'clock-tolerance': text('How far the clocks of servers may be behind; default: 60 s'),
      at: text('The time of the plan: RFC 3339 or seconds since 1970; default: now'),
      json: flag('Write JSON'),
    },
    notes: `Reads the keys and the statements issued with them, in files one a line, and says which keys belong into the key set
now (with --json also as jwks), when a next key may sign (a cache lifetime after it is published), and when a retired
key may go: when its last statement has expired, with the clock tolerance; never, if one has no end. Which key made a
statement is found by its signature. What has expired needs no key.
${keyNotes}
Exit code: 0 every valid statement is of a key named, 1 one is not or cannot be read, 2 usage or configuration,
3 could not find out.`,
    examples: [
      ['$0 keys plan --current key.jwk.json --next next.jwk.json --retired old.public.json issued/*.jwt', 'plan a rotation'],
      ['$0 keys plan --current key.jwk.json --json < issued.txt -', 'the same for programs'],
    ],
  },
  sign: {
    describe: 'Sign approved client metadata as a software statement',
    operands: { usage: 'METADATA|-', least: 1, most: 1 },
    options: {
      key: needed('Private key: JWK or PEM (PKCS#8) file, env:NAME, pkcs11:URI or exec:COMMAND'),
      'public-key': text('Public key of an exec: or pkcs11: key: JWK or PEM file'),
      issuer: needed('Who vouches: the iss of the statement, mostly a URL'),
      policy: text('Approval policy: JSON file that says what may be vouched for, for each software_id'),
      audience: text('The server the statement is for; default: every server that trusts the issuer'),
      'expires-in': text('Lifetime, such as "90 days"; default: 90 days, never past the end of the approval'),
      alg: { ...text('Signature algorithm; default: what the key is made for'), choices: [...asymmetric, ...symmetric] },
      kid: text('Key ID in the header; default: that of the key, or its RFC 7638 thumbprint'),
      typ: text('Type in the header; default: software-statement+jwt'),
      x5c: text('File with the certificates of the key for the header: PEM, leaf first, without the anchor'),
      'extra-member': list('Member that is not known client metadata and may be vouched for all the same; repeatable'),
      'passphrase-file': text('File with the passphrase of an encrypted PEM key'),
      'dry-run': flag('Show header and claims, sign nothing'),
      out: text('File for the statement instead of standard output; must not be there yet'),
    },
    notes: `Checked before anything is signed: JSON types, URIs, texts and keys of the metadata, nothing in it that only servers
give, every member known, and with --policy that the approval covers each member and each value as it stands: what a
policy would change is refused, only absent members are filled in. After signing the result is verified with the
public half of the key. Every reason for a refusal is named. With --x5c the first certificate has to be for the key and to
name the issuer as a URI, each to be signed by the next one, and all to be valid as long as the statement.
${keyNotes}
A key that signs elsewhere and cannot be asked, or a command that fails, is exit code 3; a wrong signature is 2.
${exitNotes}`,
    examples: [
      ['$0 sign metadata.json --key key.jwk.json --issuer https://publisher.example', 'sign'],
      ['$0 sign metadata.json --key key.jwk.json --issuer https://publisher.example --policy policy.json --dry-run', 'try'],
    ],
  },
  verify: {
    describe: 'Verify a statement, alone or in a registration request',
    operands: statement,
    options: {
      trust: needed(trust),
      request: text('Registration request: JSON file; what would be registered is decided'),
      audience,
      at,
      json: flag('Write JSON'),
    },
    notes: `${trustNotes}
With --request the statement is also merged with the request, by the rules and the policy of the trust file, and the
result is held to the metadata rules; without it nothing is merged, and the metadata shown is what is vouched for.
Uses of statements are not remembered here.
${subjectNotes}
${timeNotes}
${exitNotes}`,
    examples: [
      ['$0 verify statement.jwt --trust trust.json --audience https://as.example', 'verify a statement'],
      ['$0 verify statement.jwt --trust trust.json --request request.json', 'decide on a registration'],
    ],
  },
  inspect: {
    describe: 'Show what a statement says, and what is odd about it',
    operands: statement,
    options: { trust: text(`${trust}; without it nothing is verified`), audience, at, json: flag('Write JSON') },
    notes: `Takes a registration request or response as well, and shows the statement in it. Without --trust only the form of the
token is checked and anybody can have made it. Lint findings are shown but do not change the exit code.
With --trust:
${trustNotes}
${subjectNotes}
${timeNotes}
${exitNotes}`,
    examples: [
      ['$0 inspect statement.jwt', 'show what it says'],
      ['$0 inspect response.json --trust trust.json --json', 'show what it says and verify it'],
    ],
  },
  ...registrationDefinitions,
  completion: {
    describe: 'Print a completion script for bash and zsh',
    operands: none,
    options: {},
    notes: 'Add it to your .bashrc or .zshrc. It completes software-statement and ssa.',
    examples: [['$0 completion >> ~/.bashrc', 'complete in bash']],
  },
} as const satisfies Readonly<Record<string, Definition>>

export type CommandName = keyof typeof definitions

/** The flags of a command as it gets them. */
export type Flags<Name extends CommandName> = Readonly<InferredOptionTypes<(typeof definitions)[Name]['options']>>
