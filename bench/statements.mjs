// What is verified: a statement of about 1.5 kB with about 20 members, and the registration request that presents it.
import { createPrivateKey, sign } from 'node:crypto'
import { generateSigningKey, publicJwks, signSoftwareStatement } from '@software-statement/signer'

export const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256']
export const issuer = 'https://publisher.example'
export const audience = 'https://as.example'

const redirects = ['https://mail.example/callback', 'https://eu.mail.example/callback', 'https://us.mail.example/callback']

export const metadata = {
  software_id: '4NRB1-0XZABZI9E6-5SM3R',
  software_version: '2.1.0',
  client_name: 'Example Mail',
  'client_name#de': 'Beispielpost',
  'client_name#ja': 'サンプルメール',
  client_uri: 'https://mail.example',
  logo_uri: 'https://mail.example/logo.png',
  tos_uri: 'https://mail.example/terms',
  policy_uri: 'https://mail.example/privacy',
  jwks_uri: 'https://mail.example/jwks.json',
  contacts: ['security@mail.example', 'support@mail.example'],
  redirect_uris: redirects,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'private_key_jwt',
  scope: 'openid profile email offline_access',
  application_type: 'web',
  id_token_signed_response_alg: 'ES256',
}

/** What the server asks for beside a sound statement. */
export const serverOptions = {
  audience,
  merge: { redirect_uris: 'ceiling', scope: 'ceiling' },
  metadata_policy: {
    grant_types: { subset_of: ['authorization_code', 'refresh_token', 'client_credentials'] },
    token_endpoint_auth_method: { one_of: ['private_key_jwt', 'tls_client_auth'] },
  },
}

/** Everything there is to verify with one algorithm, as plain data. */
export async function prepare(alg) {
  const key = await generateSigningKey(alg)
  const statement = await signSoftwareStatement(metadata, { issuer, key, audience, expiresIn: '1 day' })
  const { keys } = await publicJwks([key])
  const request = { software_statement: statement, client_name: 'My Mail', redirect_uris: [redirects[0]], scope: 'openid email' }
  return { alg, jwk: keys[0], statement, request, withKey: withKeyInHeader(statement, alg, key, keys[0]) }
}

/** The same claims with the public key in the header, as @oada/certs expects it. */
function withKeyInHeader(statement, alg, key, jwk) {
  const header = Buffer.from(JSON.stringify({ alg, kid: jwk.kid, typ: 'JWT', jwk })).toString('base64url')
  const data = `${header}.${statement.split('.')[1]}`
  const privateKey = createPrivateKey({ key, format: 'jwk' })
  const settings = { ES256: { dsaEncoding: 'ieee-p1363' }, PS256: { padding: 6, saltLength: 32 } }[alg]
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(data), { key: privateKey, ...settings })
  return `${data}.${signature.toString('base64url')}`
}
