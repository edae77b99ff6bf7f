// The whole way of a software statement, through the command line tool: made, signed, merged into a registration request,
// refused, inspected. Works in a temporary folder and fails if anything comes out otherwise than it says here.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../packages/cli/bin/software-statement.js', import.meta.url))
const examples = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'software-statement-demo-'))
const path = (name) => join(folder, name)
const words = ['accepted', 'refused', 'usage or configuration', 'could not find out']

/** Runs a command, prints it with what is worth showing of its output, and makes sure that it ends as expected. */
function step(title, args, { exit = 0, says = [], show = (output) => output, into } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' })
  const missing = says.filter((text) => !`${stdout}${stderr}`.includes(text))
  if (status !== exit || missing.length > 0) {
    throw new Error(`${args.join(' ')}: exit code ${status}, expected ${exit} and ${JSON.stringify(missing)}\n${stdout}${stderr}`)
  }
  if (into !== undefined) writeFileSync(path(into), stdout)
  const shown = `${stderr}${into === undefined ? show(stdout) : ''}`.trimEnd()
  console.log(`# ${title}\n$ software-statement ${args.join(' ')}${into === undefined ? '' : ` > ${into}`}`)
  if (shown !== '') console.log(shown.replaceAll(/^(?=.)/gm, '  '))
  console.log(`  -> exit code ${status}, ${words[status]}\n`)
}

const firstLines = (count) => (output) => output.split('\n').slice(0, count).join('\n')
const upTo = (title) => (output) => output.slice(0, output.indexOf(`\n${title}\n`))

function registration(output) {
  const { approved, metadata, provenance } = JSON.parse(output)
  const rows = Object.entries(metadata).map(([member, value]) => {
    const { source, lost } = provenance[member]
    const over = lost === undefined ? '' : `  instead of ${JSON.stringify(lost)}`
    return `${member.padEnd(26)} ${source.padEnd(9)} ${JSON.stringify(value)}${over}`
  })
  return [approved ? 'approved, to be registered:' : 'refused', ...rows].join('\n')
}

function tamper() {
  const [header, payload, signature] = readFileSync(path('statement.jwt'), 'utf8').trim().split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  const forged = Buffer.from(JSON.stringify({ ...claims, client_name: 'Example Bank' })).toString('base64url')
  writeFileSync(path('tampered.jwt'), `${header}.${forged}.${signature}\n`)
}

function demonstrate() {
  for (const name of [
    'metadata',
    'metadata-unapproved',
    'approval-policy',
    'trust',
    'trust-ceiling',
    'request',
    'request-beyond',
  ]) {
    cpSync(join(examples, `${name}.json`), path(`${name}.json`))
  }
  const audience = ['--audience', 'https://as.example']
  const signing = [
    '--key',
    'key.jwk.json',
    '--issuer',
    'https://publisher.example',
    '--policy',
    'approval-policy.json',
    ...audience,
  ]
  const verify = (statement, trust, ...others) => ['verify', statement, '--trust', trust, ...audience, ...others]
  const request = ['--request', 'request.json']

  console.log('THE PUBLISHER makes a key, publishes its public half, and signs the client metadata that it has approved.\n')
  step('The private key goes to a file that only its owner can read.', ['keygen', '--out', 'key.jwk.json'], {
    into: 'public.jwk.json',
  })
  step('What servers need of it.', ['jwks', 'key.jwk.json'], { into: 'jwks.json' })
  step('The approval policy adds what is missing.', ['sign', 'metadata.json', ...signing, '--out', 'statement.jwt'], {
    says: ['approved by security@publisher.example', 'filled in: software_version = "1.0.0"'],
  })
  step('What is not approved is not signed.', ['sign', 'metadata-unapproved.json', ...signing, '--out', 'unapproved.jwt'], {
    exit: 1,
    says: ['ERR_APPROVAL_MEMBER', 'ERR_APPROVAL_VALUE', 'ERR_APPROVAL_REDIRECT_HOST'],
  })
  if (existsSync(path('unapproved.jwt'))) throw new Error('a refusal has left a file')

  console.log('THE AUTHORIZATION SERVER decides on the registration request of a real client, which has the statement in it.\n')
  step('What the statement says wins over what the client says.', verify('statement.jwt', 'trust.json', ...request, '--json'), {
    says: ['"approved": true', '"lost": "Oauth client"'],
    show: registration,
  })
  step(
    'With redirect_uris as ceiling the client has those it asks for, within the vouched ones.',
    verify('statement.jwt', 'trust-ceiling.json', ...request, '--json'),
    { says: ['"approved": true', '"rule": "ceiling"'], show: registration },
  )

  tamper()
  step('Refused: somebody has changed the name in it.', verify('tampered.jwt', 'trust.json', ...request), {
    exit: 1,
    says: ['invalid_software_statement', 'ERR_SIGNATURE_INVALID'],
    show: firstLines(2),
  })
  step('Refused: it has expired.', verify('statement.jwt', 'trust.json', ...request, '--at', '2099-01-01T00:00:00Z'), {
    exit: 1,
    says: ['invalid_software_statement', 'ERR_EXPIRED'],
    show: firstLines(2),
  })
  const beyond = verify('statement.jwt', 'trust-ceiling.json', '--request', 'request-beyond.json')
  step('Refused: the request has a redirect URI that nobody vouches for.', beyond, {
    exit: 1,
    says: ['invalid_redirect_uri', 'ERR_MERGE_CONFLICT'],
    show: firstLines(2),
  })

  console.log('AN AUDITOR reads the token.\n')
  step('What it says, who signed it, what is odd.', ['inspect', 'statement.jwt', '--trust', 'trust.json', ...audience], {
    says: ['approved', 'vouched metadata', 'expires'],
    show: upTo('checks'),
  })
}

try {
  demonstrate()
  console.log('Everything came out as it says here.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
