// Compares a full decision on a registration request with bare signature verification and with what others verify, side by side
// in one run. It prints ratios: the rates are those of this machine.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { makeContenders, raw } from './contenders.mjs'
import { measureRate, median } from './measure.mjs'
import { algorithms, prepare } from './statements.mjs'

const rounds = 5
const seconds = 0.4
const underWay = 16

/** Rates of every contender, and their ratios to bare verification in the same round. */
async function compare(names, measure) {
  const rates = new Map(names.map((name) => [name, []]))
  for (const name of names) await measure(name, seconds / 4)
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) rates.get(name).push(await measure(name, seconds))
  }
  const bare = rates.get(raw)
  return names.map((name) => {
    const ratios = rates.get(name).map((rate, round) => rate / bare[round])
    return { name, perSecond: Math.round(median(rates.get(name))), ratio: Number(median(ratios).toFixed(2)) }
  })
}

async function saturate(prepared, trustedList, names) {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('worker.mjs', import.meta.url), { workerData: { prepared, trustedList } }),
  )
  const answers = () => Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
  await answers()
  const results = await compare(names, async (name, time) => {
    const all = answers()
    for (const worker of workers) worker.postMessage({ name, seconds: time, underWay })
    return (await all).reduce((sum, rate) => sum + rate, 0)
  })
  await Promise.all(workers.map((worker) => worker.terminate()))
  return results
}

/** Serves the list in which @oada/certs looks for the keys it trusts. */
async function serveList(jwks) {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ version: '2', jwks }))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, uri: `http://127.0.0.1:${server.address().port}/list.json` }
}

/** Prints a table for each algorithm, and resolves with the numbers. */
export async function measureVerification() {
  const prepared = await Promise.all(algorithms.map(prepare))
  const { server, uri } = await serveList({ keys: prepared.map(({ jwk }) => jwk) })
  const results = []
  for (const each of prepared) {
    const contenders = await makeContenders(each, uri)
    const names = [...contenders.keys()]
    const one = await compare(names, (name, time) => measureRate(contenders.get(name), time))
    const all = await saturate(each, uri, names)
    console.log(`\n${each.alg}, a statement of ${each.statement.length} bytes: times as fast as ${raw}`)
    console.log(`${''.padEnd(34)}  one at a time  on ${availableParallelism()} cores`)
    for (const [index, { name, ratio }] of one.entries()) {
      console.log(`${name.padEnd(34)}  ${ratio.toFixed(2).padStart(13)}  ${all[index].ratio.toFixed(2).padStart(10)}`)
    }
    results.push({ alg: each.alg, statementBytes: each.statement.length, oneAtATime: one, saturated: all })
  }
  server.close()
  return results
}
