import { expect, test } from 'vitest'
import { openTrustFile } from '../../packages/cli/src/input/read-trust.js'
import type { Io } from '../../packages/cli/src/io.js'
import { keys, publicHalf } from '../support/keys.js'
import { issuer } from '../support/make-jws.js'

test('a file that a trust file names is read once each time, so that what counts is what was looked at', async () => {
  const file = JSON.stringify({ issuers: [{ issuer, jwksFile: 'keys.json' }] })
  const good = JSON.stringify({ keys: [publicHalf(keys.ed25519)] })
  // Whoever writes the file may be at it: every other reading finds half of it.
  let readings = 0
  const readFile = async (path: string) => {
    if (!path.endsWith('keys.json')) return Buffer.from(file)
    readings++
    return Buffer.from(readings % 2 === 1 ? good : good.slice(0, 20))
  }
  const io = { readFile } as Partial<Io> as Io // nothing else is asked for
  let looks = 0
  const look = () => {
    looks++
  }
  const { trust } = await openTrustFile('trust.json', { checkFile: () => undefined, checkTrust: look }, io)
  expect([readings, looks]).toEqual([1, 1])
  expect(await trust.reload()).toMatchObject({ reloaded: false })
  expect([readings, looks]).toEqual([2, 1])
  expect(await trust.reload()).toMatchObject({ reloaded: true, changed: [] })
  expect([readings, looks]).toEqual([3, 2])
})
