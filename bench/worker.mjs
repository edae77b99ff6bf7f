// One of the threads that together keep every core busy.
import { parentPort, workerData } from 'node:worker_threads'
import { makeContenders } from './contenders.mjs'
import { measureRate } from './measure.mjs'

const contenders = await makeContenders(workerData.prepared, workerData.trustedList)

parentPort.on('message', async ({ name, seconds, underWay }) => {
  parentPort.postMessage(await measureRate(contenders.get(name), seconds, underWay))
})
parentPort.postMessage('ready')
