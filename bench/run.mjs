// Runs the comparisons that are named, or all; `--json FILE` writes their numbers down.
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

const comparisons = {
  verification: async () => (await import('./verification.mjs')).measureVerification(),
  certificates: async () => (await import('./certificate-paths.mjs')).measureCertificatePaths(),
}

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const unknown = positionals.find((name) => !Object.hasOwn(comparisons, name))
if (unknown !== undefined) {
  console.error(`no comparison ${unknown}: there are ${Object.keys(comparisons).join(', ')}`)
  process.exit(2)
}
const results = {}
for (const [name, measure] of Object.entries(comparisons)) {
  if (positionals.length === 0 || positionals.includes(name)) results[name] = await measure()
}
if (values.json !== undefined) {
  const machine = { node: process.version, cores: availableParallelism() }
  writeFileSync(values.json, `${JSON.stringify({ machine, ...results }, null, 2)}\n`)
}
