// Compares the validation of a certificate path of three with a bare chain of node:crypto (dates, names, authorities, signatures) and
// with the path builders of others, each from DER, nothing kept between runs. It prints ratios to the bare chain: smaller is faster.
import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { validateCertificatePath } from '@software-statement/certificates'
import * as pkijs from 'pkijs'
import { measureRate, median } from './measure.mjs'

const rounds = 5
const seconds = 0.5
const at = new Date('2035-06-01T00:00:00Z')
const validity = { notBefore: new Date('2030-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') }

x509.cryptoProvider.set(crypto)
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto }))

/** A leaf, an intermediate and a root, in DER. */
async function issuePath(algorithm) {
  const make = async (name, issuer) => {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const isAuthority = name !== 'Leaf'
    const usages = isAuthority ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign : x509.KeyUsageFlags.digitalSignature
    const certificate = await x509.X509CertificateGenerator.create({
      ...{ subject: `CN=${name}`, issuer: `CN=${issuer?.name ?? name}`, ...validity, signingAlgorithm: algorithm },
      ...{ publicKey: keys.publicKey, signingKey: (issuer?.keys ?? keys).privateKey },
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        new x509.KeyUsagesExtension(usages, true),
        ...(isAuthority ? [new x509.BasicConstraintsExtension(true, undefined, true)] : []),
      ],
    })
    return { name, keys, der: new Uint8Array(certificate.rawData) }
  }
  const root = await make('Root')
  const intermediate = await make('Intermediate', root)
  return [await make('Leaf', intermediate), intermediate, root].map(({ der }) => der)
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

for (const [alg, algorithm] of Object.entries(algorithms)) {
  const path = await issuePath(algorithm)
  const times = new Map(Object.keys(contenders).map((name) => [name, []]))
  for (const run of Object.values(contenders)) await measureRate(() => run(path), seconds / 4)
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contenders)) times.get(name).push(1 / (await measureRate(() => run(path), seconds)))
  }
  const bare = times.get('node:crypto')
  console.log(`${alg}, a path of three`)
  for (const [name, own] of times) {
    const ratio = median(own.map((time, round) => time / bare[round]))
    console.log(`  ${name.padEnd(34)} ${ratio.toFixed(2).padStart(7)}`)
  }
}
