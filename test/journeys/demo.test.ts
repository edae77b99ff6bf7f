import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Run, root, run } from '../support/workspace.js'

// Some dozen programs are started here, and machines may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

describe('the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'software-statement-journey-'))
  let demo: Run

  beforeAll(() => {
    const env = { TMPDIR: folder, TEMP: folder, TMP: folder }
    demo = run(process.execPath, [join(root, 'examples/demo.mjs')], { cwd: folder, env })
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('ends well, whatever the folder it is started in', () => {
    expect({ status: demo.status, stderr: demo.stderr }).toEqual({ status: 0, stderr: '' })
  })

  test('fits on two screens', () => {
    expect(demo.stdout.split('\n').length).toBeLessThanOrEqual(120)
  })

  test('removes the folder it worked in', () => {
    expect(readdirSync(folder)).toEqual([])
  })

  test('shows the accepted and the refused ends of its commands', () => {
    const commands = demo.stdout.match(/^\$ software-statement \w+/gm)?.map((line) => line.split(' ')[2])
    const signing = ['keygen', 'jwks', 'sign', 'sign']
    expect(commands).toEqual([...signing, 'verify', 'verify', 'verify', 'verify', 'verify', 'inspect'])
    const ends = demo.stdout.match(/exit code \d/g)?.map((end) => Number(end.at(-1)))
    expect(ends).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 1, 0])
  })

  test.each([
    ['who approved', 'approved by security@publisher.example'],
    ['what the approval policy filled in', 'filled in: software_version = "1.0.0"'],
    ['every reason for not signing', /ERR_APPROVAL_MEMBER: .*\n.*ERR_APPROVAL_VALUE: .*\n.*ERR_APPROVAL_REDIRECT_HOST: /],
    ['that the statement wins', /client_name +statement +"Example Client" +instead of "Oauth client"/],
    ['where the rest comes from', /scope +request +"openid"\n +response_types +default/],
    [
      'redirect_uris as vouched for',
      /redirect_uris +statement +\["http:\/\/localhost:9000\/callback","https:\/\/client.example\/callback"\]/,
    ],
    ['redirect_uris under the ceiling', /redirect_uris +request +\["http:\/\/localhost:9000\/callback"\]\n/],
    ['the refusal of a changed statement', /invalid_software_statement: .*\n +ERR_SIGNATURE_INVALID/],
    ['the refusal of an expired statement', /invalid_software_statement: .*\n +ERR_EXPIRED/],
    ['the refusal of a redirect URI that nobody vouches for', /invalid_redirect_uri: .*\n +ERR_MERGE_CONFLICT: redirect_uris/],
    ['what the token says', /client_name +vouched metadata +"Example Client"/],
  ])('shows %s', (_, text) => {
    expect(demo.stdout).toMatch(text)
  })

  test('takes the request of the real client as it was sent', () => {
    expect(JSON.parse(readFileSync(join(root, 'examples/request.json'), 'utf8'))).toEqual({
      client_name: 'Oauth client',
      redirect_uris: ['http://localhost:9000/callback'],
      client_uri: 'http://localhost:9000',
      grant_types: ['authorization_code'],
      scope: 'openid',
    })
  })
})
