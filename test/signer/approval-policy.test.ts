import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MetadataPolicyError, parseApprovalPolicy, signSoftwareStatement } from '@software-statement/signer'
import { describe, expect, test } from 'vitest'
import { schemas, toJsonSchema } from '../../.ci/write-schemas.js'
import { root } from '../support/workspace.js'
import { claimsOf, sound } from './support.js'

const entry = {
  software_id: 'mail',
  approvedBy: 'security@publisher.example',
  approvedUntil: '2027-06-30T00:00:00Z',
  metadata_policy: { client_name: { value: 'Example Mail' }, scope: { subset_of: ['openid', 'email'] }, logo_uri: {} },
  redirectHosts: ['mail.example', 'mail.example:8443', '[::1]', 'com.example.app:'],
  maxLifetime: '90 days',
  metadata_policy_crit: ['subset_of'],
}

describe('an approval policy', () => {
  test.each([
    ['its text', JSON.stringify({ approvals: [entry] })],
    ['its bytes, as they are read from a file', Buffer.from(JSON.stringify({ approvals: [entry] }))],
    ['an ArrayBuffer', Uint8Array.from(Buffer.from(JSON.stringify({ approvals: [entry] }))).buffer],
    ['the object parsed from it', { approvals: [entry] }],
    ['a file that names its schema for editors', { $schema: './approval-policy.schema.json', approvals: [entry] }],
  ])('is read from %s', async (_, file) => {
    const statement = await signSoftwareStatement({ software_id: 'mail' }, { ...sound, approval: parseApprovalPolicy(file) })
    expect(claimsOf(statement).client_name).toBe('Example Mail')
  })

  test('without any approval approves nothing', async () => {
    const approval = parseApprovalPolicy({ approvals: [] })
    await expect(signSoftwareStatement({ software_id: 'mail' }, { ...sound, approval })).rejects.toMatchObject({
      code: 'ERR_APPROVAL_SOFTWARE_ID',
    })
  })

  test('is not changed by changes of the object it was read from', async () => {
    const file = { approvals: [structuredClone(entry)] }
    const approval = parseApprovalPolicy(file)
    for (const changed of file.approvals) changed.redirectHosts.push('evil.example')
    const metadata = { software_id: 'mail', redirect_uris: ['https://evil.example/cb'] }
    await expect(signSoftwareStatement(metadata, { ...sound, approval })).rejects.toMatchObject({
      code: 'ERR_APPROVAL_REDIRECT_HOST',
    })
  })
})

describe('a malformed file is refused, and the message says where', () => {
  const change = (members: Record<string, unknown>) => ({ approvals: [entry, { ...entry, software_id: 'chat', ...members }] })
  test.each<[string, unknown, string]>([
    ['text that is not JSON', '{', 'JSON'],
    ['nothing', undefined, 'JSON'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff), 'UTF-8'],
    ['an array', [entry], 'object'],
    ['no approvals', {}, 'approvals'],
    ['approvals that are no list', { approvals: entry }, 'approvals'],
    ['an unknown member', { approvals: [], aprovals: [] }, 'aprovals'],
    ['an unknown member of an approval', change({ redirect_hosts: [] }), 'approvals[1]'],
    ['a duplicate member', '{"approvals":[],"approvals":[]}', 'duplicate'],
    [
      'a duplicate operator',
      `{"approvals":[${JSON.stringify(entry).replace('{"value":"Example Mail"}', '{"value":"a","value":"b"}')}]}`,
      'duplicate',
    ],
    ['a __proto__', '{"approvals":[],"__proto__":{}}', '__proto__'],
    ['an empty software_id', change({ software_id: '' }), 'approvals[1].software_id'],
    ['a software_id that is there twice', { approvals: [entry, entry] }, 'approvals[1].software_id'],
    ['nobody who approved', change({ approvedBy: undefined }), 'approvals[1].approvedBy'],
    ['no end', change({ approvedUntil: undefined }), 'approvals[1].approvedUntil'],
    ['an end without time', change({ approvedUntil: '2027-06-30' }), 'approvals[1].approvedUntil'],
    ['an end without time zone', change({ approvedUntil: '2027-06-30T00:00:00' }), 'approvals[1].approvedUntil'],
    ['an end on a day that does not exist', change({ approvedUntil: '2027-02-30T00:00:00Z' }), 'approvals[1].approvedUntil'],
    [
      'an end to the trillionth of a second',
      change({ approvedUntil: '2027-06-30T00:00:00.000000000001Z' }),
      'approvals[1].approvedUntil',
    ],
    ['no metadata policy', change({ metadata_policy: undefined }), 'approvals[1].metadata_policy'],
    [
      'a member policy that is no object',
      change({ metadata_policy: { client_name: 'Mail' } }),
      'approvals[1].metadata_policy.client_name',
    ],
    ['a policy for a claim of the JWT', change({ metadata_policy: { iss: { value: 'x' } } }), 'approvals[1].metadata_policy.iss'],
    [
      'a policy for what only a server gives',
      change({ metadata_policy: { client_id: {} } }),
      'approvals[1].metadata_policy.client_id',
    ],
    [
      'a policy for a nested statement',
      change({ metadata_policy: { software_statement: {} } }),
      'metadata_policy.software_statement',
    ],
    ['no redirect host in a list', change({ redirectHosts: [] }), 'approvals[1].redirectHosts'],
    ['a redirect host that is a URI', change({ redirectHosts: ['https://mail.example'] }), 'approvals[1].redirectHosts[0]'],
    ['a redirect host in capitals', change({ redirectHosts: ['Mail.example'] }), 'approvals[1].redirectHosts[0]'],
    [
      'a redirect host with a wildcard',
      change({ redirectHosts: ['mail.example', '*.mail.example'] }),
      'approvals[1].redirectHosts[1]',
    ],
    ['a redirect host with no such port', change({ redirectHosts: ['mail.example:70000'] }), 'approvals[1].redirectHosts[0]'],
    ['a redirect host with a path', change({ redirectHosts: ['mail.example/cb'] }), 'approvals[1].redirectHosts[0]'],
    ['no life', change({ maxLifetime: 0 }), 'approvals[1].maxLifetime'],
    ['less than a second of life', change({ maxLifetime: '0.5 s' }), 'approvals[1].maxLifetime'],
    ['a life in unknown words', change({ maxLifetime: 'for ever' }), 'approvals[1].maxLifetime'],
    ['a fraction of seconds of life', change({ maxLifetime: 1.5 }), 'approvals[1].maxLifetime'],
  ])('%s', (_, file, place) => {
    expect(() => parseApprovalPolicy(file)).toThrow(TypeError)
    expect(() => parseApprovalPolicy(file)).toThrow(place)
  })

  test('all its faults at once', () => {
    const file = change({ approvedUntil: 'soon', maxLifetime: -1 })
    expect(() => parseApprovalPolicy(file)).toThrow(/approvedUntil.*; .*maxLifetime/)
  })
})

describe('an illegal metadata policy is refused', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['an operator that is misspelled', { metadata_policy: { scope: { subset_off: ['openid'] } } }, 'ERR_POLICY_CRITICAL'],
    [
      'an operator named like a property of every object',
      { metadata_policy: { scope: { toString: ['openid'] } } },
      'ERR_POLICY_CRITICAL',
    ],
    ['a critical operator that nobody knows', { metadata_policy_crit: ['regexp'] }, 'ERR_POLICY_CRITICAL'],
    ['an operand of another type', { metadata_policy: { scope: { subset_of: 'openid', one_of: 5 } } }, 'ERR_POLICY_OPERAND'],
    [
      'operators that exclude each other',
      { metadata_policy: { contacts: { add: ['a'], one_of: ['b'] } } },
      'ERR_POLICY_COMBINATION',
    ],
  ])('%s', (_, members, code) => {
    const parse = () => parseApprovalPolicy({ approvals: [{ ...entry, ...members }] })
    if (code !== 'ERR_POLICY_CRITICAL' || members.metadata_policy !== undefined) expect(parse).toThrow('approvals[0]')
    expect(parse).toThrow(expect.objectContaining({ code }))
    expect(parse).toThrow(MetadataPolicyError)
  })
})

test.each(schemas.map(([schema, path]) => [path, schema] as const))('%s says what the code reads', (path, schema) => {
  expect(JSON.parse(readFileSync(join(root, path), 'utf8'))).toEqual(toJsonSchema(schema))
})
