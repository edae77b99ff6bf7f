import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** Names that the certificate of the test servers is for. No resolver knows the second one (RFC 6761 6.4). */
export const serverNames = ['localhost', 'keys.publisher.invalid'] as const

/** A certificate authority of a moment, and the certificate of its one server. */
export async function makeCertificates() {
  const notBefore = new Date(Date.now() - day)
  const notAfter = new Date(Date.now() + day)
  const authority = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Test authority',
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: authority,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  })
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: 'CN=Test server',
    issuer: ca.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        ...serverNames.map((value) => ({ type: 'dns' as const, value })),
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  })
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { ca: ca.toString('pem'), cert: certificate.toString('pem'), key }
}

/** A server on this machine that counts connections and requests. */
export interface TestServer {
  readonly port: number
  readonly counts: { connections: number; requests: number }
  readonly close: () => Promise<void>
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startServer(
  answer: RequestListener,
  tls: { readonly cert: string; readonly key: string },
): Promise<TestServer> {
  const counts = { connections: 0, requests: 0 }
  const listener: RequestListener = (request, response) => {
    counts.requests++
    answer(request, response)
  }
  const server = createServer(tls, listener)
  server.on('connection', () => counts.connections++)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port, // a server on a port has one
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
