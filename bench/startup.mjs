// Prints the CPU time of each command of the built command line tool as a ratio to that of a bare `node -e 0`: user and system
// time of the process as bash's `time` tells it, medians of 15 runs, taken in turn so that a busy machine is busy for all.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const runs = 15
const program = fileURLToPath(new URL('../packages/cli/bin/software-statement.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'software-statement-startup-'))
const signing = ['metadata.json', '--key', 'key.json', '--issuer', 'https://publisher.example']

/** Name, arguments of node or what makes them for a run, and the ratio that is aimed at. */
const commands = [
  ['node -e 0', ['-e', '0']],
  ['--help', [program, '--help'], 2.5],
  ['inspect', [program, 'inspect', 'statement.jwt'], 2.5],
  ['completion', [program, 'completion'], 3.5],
  ['keygen', (run) => [program, 'keygen', '--out', `key-${run}.json`], 3.5],
  ['jwks', [program, 'jwks', 'key.json'], 3.5],
  ['keys plan', [program, 'keys', 'plan', '--current', 'key.json', 'statement.jwt'], 3.5],
  ['sign', [program, 'sign', ...signing], 3.5],
  ['verify', [program, 'verify', 'statement.jwt', '--trust', 'trust.json'], 3.5],
  ['verify --request', [program, 'verify', 'statement.jwt', '--trust', 'trust.json', '--request', 'request.json'], 3.5],
  ['inspect --trust', [program, 'inspect', 'statement.jwt', '--trust', 'trust.json'], 3.5],
]

function prepare() {
  const write = (name, content) => writeFileSync(join(folder, name), JSON.stringify(content))
  write('metadata.json', { software_id: 'mail', client_name: 'Example Mail', redirect_uris: ['https://mail.example/cb'] })
  write('request.json', { scope: 'openid' })
  write('trust.json', { issuers: [{ issuer: 'https://publisher.example', jwksFile: 'jwks.json' }] })
  measure([program, 'keygen', '--out', 'key.json'])
  measure([program, 'sign', ...signing, '--out', 'statement.jwt'])
  writeFileSync(join(folder, 'jwks.json'), measure([program, 'jwks', 'key.json']).stdout)
}

/** Runs node once; CPU time in milliseconds. */
function measure(args) {
  const script = `TIMEFORMAT='%3U %3S'; time "$0" "$@"`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  const [user, system] = (stderr.trimEnd().split('\n').at(-1) ?? '').split(' ').map(Number)
  if (status !== 0 || !Number.isFinite(user + system)) throw new Error(`${args.join(' ')} ended with ${status}\n${stderr}`)
  return { stdout, cpu: (user + system) * 1000 }
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}

try {
  prepare()
  const times = commands.map(() => [])
  for (let run = 0; run < runs; run += 1) {
    for (const [index, [, args]] of commands.entries())
      times[index].push(measure(typeof args === 'function' ? args(run) : args).cpu)
  }
  const [bare] = times.map(median)
  for (const [index, [name, , aim]] of commands.entries()) {
    const cpu = median(times[index])
    const ratio = (cpu / bare).toFixed(2)
    console.log(
      `${name.padEnd(18)} ${cpu.toFixed(0).padStart(4)} ms  ${ratio}${aim === undefined ? '' : `  (aim: at most ${aim})`}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
