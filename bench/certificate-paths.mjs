// Compares the validation of a certificate path of three with a bare chain of node:crypto (dates, names, authorities, signatures) and
// with the path builders of others, each from DER, nothing kept between runs; then the decision on a statement with such a chain, which has
// been seen before, with that on one without. It prints ratios of times to the first of each group: smaller is faster.
import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { certificateChain, trustCertificates, validateCertificatePath } from '@software-statement/certificates'
import { publicJwks, signSoftwareStatement } from '@software-statement/signer'
import { createDecider, trustIssuers } from '@software-statement/verifier'
import * as pkijs from 'pkijs'
import { measureRate, median } from './measure.mjs'
import { audience, issuer, metadata, serverOptions } from './statements.mjs'

const rounds = 5
const seconds = 0.5
const at = new Date('2035-06-01T00:00:00Z')
const validity = { notBefore: new Date('2030-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') }

x509.cryptoProvider.set(crypto)
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto }))

/** A leaf, an intermediate and a root, in DER, and the key of the leaf. */
async function issuePath(algorithm) {
  const make = async (name, above) => {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const isAuthority = name !== 'Leaf'
    const usages = isAuthority ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign : x509.KeyUsageFlags.digitalSignature
    const certificate = await x509.X509CertificateGenerator.create({
      ...{ subject: `CN=${name}`, issuer: `CN=${above?.name ?? name}`, ...validity, signingAlgorithm: algorithm },
      ...{ publicKey: keys.publicKey, signingKey: (above?.keys ?? keys).privateKey },
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create((above?.keys ?? keys).publicKey),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        new x509.KeyUsagesExtension(usages, true),
        isAuthority
          ? new x509.BasicConstraintsExtension(true, undefined, true)
          : new x509.SubjectAlternativeNameExtension([{ type: 'url', value: issuer }]),
      ],
    })
    return { name, keys, der: new Uint8Array(certificate.rawData) }
  }
  const root = await make('Root')
  const intermediate = await make('Intermediate', root)
  const leaf = await make('Leaf', intermediate)
  return { path: [leaf, intermediate, root].map(({ der }) => der), key: leaf.keys.privateKey }
}

function expect(isValid, name) {
  if (!isValid) throw new Error(`${name} did not find the path`)
}

/** Every contender from DER to a verdict. */
const contenders = {
  'node:crypto': (path) => {
    const [leaf, intermediate, root] = path.map((der) => new X509Certificate(der))
    const isIssued = (certificate, issuer) =>
      new Date(certificate.validFrom) <= at &&
      at <= new Date(certificate.validTo) &&
      certificate.checkIssued(issuer) &&
      issuer.ca &&
      certificate.verify(issuer.publicKey)
    expect(isIssued(leaf, intermediate) && isIssued(intermediate, root) && isIssued(root, root), 'node:crypto')
  },
  '@software-statement/certificates': async ([leaf, intermediate, root]) => {
    const { certificates } = await validateCertificatePath(leaf, { intermediates: [intermediate], anchors: [root], at })
    expect(certificates.length === 3, '@software-statement/certificates')
  },
  '@peculiar/x509': async ([leaf, ...others]) => {
    const builder = new x509.X509ChainBuilder({ certificates: others.map((der) => new x509.X509Certificate(der)) })
    expect((await builder.build(new x509.X509Certificate(leaf))).length === 3, '@peculiar/x509')
  },
  pkijs: async (path) => {
    const [leaf, intermediate, root] = path.map((der) => pkijs.Certificate.fromBER(der))
    const engine = new pkijs.CertificateChainValidationEngine({
      trustedCerts: [root],
      certs: [leaf, intermediate],
      checkDate: at,
    })
    expect((await engine.verify()).result, 'pkijs')
  },
}

const algorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
}

/** The decision on a statement, signed by one key: with the key in the configuration, and with the chain in the statement. */
async function makeDecisions([leaf, intermediate, root], privateKey) {
  const key = await crypto.subtle.exportKey('jwk', privateKey)
  const options = { issuer, key, audience, expiresIn: '1 day', currentDate: at }
  const { alg: _, ...unnamed } = key
  const plain = { ...options, key: unnamed }
  const decider = async (trust, more) => {
    const decide = createDecider(trust, serverOptions)
    const text = JSON.stringify({ software_statement: await signSoftwareStatement(metadata, { ...plain, ...more }) })
    return async () => expect((await decide(text, { currentDate: at })).approved, 'the decision')
  }
  return {
    'without certificates': await decider(trustIssuers([{ issuer, jwks: await publicJwks([unnamed]) }]), {}),
    'with x5c, its path known': await decider(trustCertificates({ anchors: [root], issuerFrom: 'san-uri' }), {
      x5c: certificateChain([leaf, intermediate]),
    }),
  }
}

/** Runs each by turns, and prints how long they take, measured by the first. */
async function compare(title, runs) {
  const times = new Map(Object.keys(runs).map((name) => [name, []]))
  for (const run of Object.values(runs)) await measureRate(run, seconds / 4)
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, own] of times) own.push(1 / (await measureRate(runs[name], seconds)))
  }
  const [first] = times.values()
  console.log(title)
  return [...times].map(([name, own]) => {
    const ratio = Number(median(own.map((time, round) => time / first[round])).toFixed(2))
    console.log(`  ${name.padEnd(34)} ${ratio.toFixed(2).padStart(7)}`)
    return { name, perSecond: Math.round(1 / median(own)), ratio }
  })
}

/** Prints tables for each algorithm, and resolves with the numbers. */
export async function measureCertificatePaths() {
  const results = []
  for (const [alg, algorithm] of Object.entries(algorithms)) {
    const { path, key } = await issuePath(algorithm)
    const runs = Object.entries(contenders).map(([name, run]) => [name, () => run(path)])
    const paths = await compare(`${alg}, a path of three`, Object.fromEntries(runs))
    const decisions = await compare(`${alg}, the decision on a statement`, await makeDecisions(path, key))
    results.push({ alg, paths, decisions })
  }
  return results
}
