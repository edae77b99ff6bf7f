import { type Duration, defaultLimits, parseDuration, resolveLimits, toAscii } from '@software-statement/core'
import { refuseTwins } from '../keys/public-jwks.js'
import { planOptions, validateOptions } from '../option-rules.js'
import { readDate } from '../options.js'
import { type KnownKey, readKnownKey } from './known-key.js'
import type { KeyPlan, KeyStep, PlanKeysOptions, PlannedKey, RotatingKeys } from './plan.js'
import { type KeyRecord, recordStatements } from './record.js'

const roles = ['current', 'next', 'retired'] as const

/**
 * Plans the rotation of an issuer's keys from the statements issued with them: a next key is published at least the lifetime of a
 * cached key set before it signs, and an old key until its last statement has expired. Which key made a statement is found by its
 * signature. Statements that are unreadable or of no key given are `problems`; one without `exp` keeps its key forever.
 *
 * Throws `TypeError` for a key that cannot be published, two with the same `kid`, no current key, or an option that is malformed or not known.
 *
 * @example
 * ```ts
 * const [old, key, next] = await Promise.all([generateSigningKey(), generateSigningKey(), generateSigningKey()])
 * const statement = await signSoftwareStatement({ software_id: 'mail' }, { issuer: 'https://publisher.example', key: old })
 * const plan = await planKeys({ current: [key], next: [next], retired: [old] }, [statement], { cacheLifetime: '1 hour' })
 * plan.steps.map(({ action, role }) => `${action} ${role}`).join() // 'publish current,publish next,publish retired,sign next,withdraw retired'
 * ```
 */
export async function planKeys(
  keys: RotatingKeys,
  statements: Iterable<string> | AsyncIterable<string>,
  options: PlanKeysOptions = {},
): Promise<KeyPlan> {
  validateOptions(options, planOptions)
  if (!isIterable(statements)) throw new TypeError('statements must be an array or something else to iterate over')
  const now = readDate('currentDate', options.currentDate ?? new Date())
  const cacheLifetime = readSeconds(options.cacheLifetime ?? '1 day')
  const clockTolerance = readSeconds(options.clockTolerance ?? 60)
  const limits = options.limits === undefined ? defaultLimits : resolveLimits(options.limits)
  const known = await readKeys(keys, options.passphrase)

  const { byKey, problems } = await recordStatements(statements, known, { now, clockTolerance, limits })
  const planned = [...byKey].map(([key, record]) => planKey(key, record, now, cacheLifetime))
  const steps = planned.flatMap((key) => listSteps(key, now)).toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const jwks = { keys: planned.filter(({ publish }) => publish).map(({ publicJwk }) => publicJwk) }
  return { at: toDate(now), jwks, keys: planned, steps, problems }
}

async function readKeys(keys: RotatingKeys, passphrase: string | undefined): Promise<readonly KnownKey[]> {
  if (typeof keys !== 'object' || keys === null) throw new TypeError('keys must be an object with current, next, retired')
  for (const [name, list] of Object.entries(keys)) {
    if (!roles.some((role) => role === name))
      throw new TypeError(`"${toAscii(name)}" is not a role of keys: there are ${roles.join(', ')}`)
    if (list !== undefined && !Array.isArray(list)) throw new TypeError(`the ${name} keys must be an array`)
  }
  if (keys.current === undefined || keys.current.length === 0) throw new TypeError('planKeys needs at least one current key')
  const known: KnownKey[] = []
  for (const role of roles) {
    for (const key of keys[role] ?? []) known.push(await readKnownKey(key, role, passphrase))
  }
  refuseTwins(known.map(({ publicJwk }) => publicJwk))
  return known
}

function planKey(
  { role, kid, thumbprint, publicJwk }: KnownKey,
  record: KeyRecord,
  now: number,
  cacheLifetime: number,
): PlannedKey {
  const { statements, valid, neededUntil } = record
  return {
    ...{ role, kid, thumbprint, publicJwk, statements, valid },
    publish: role !== 'retired' || valid > 0,
    ...(neededUntil === undefined
      ? {}
      : { neededUntil: neededUntil === Number.POSITIVE_INFINITY ? 'forever' : toDate(neededUntil) }),
    ...(role === 'next' ? { signsFrom: toDate(now + cacheLifetime) } : {}),
  }
}

function listSteps({ role, kid, publish, neededUntil, signsFrom }: PlannedKey, now: number): readonly KeyStep[] {
  const step = (action: KeyStep['action'], at: Date): KeyStep => ({ at, action, role, kid })
  if (!publish) return [step('withdraw', toDate(now))]
  const withdraw = role === 'retired' && neededUntil instanceof Date ? [step('withdraw', neededUntil)] : []
  const sign = signsFrom === undefined ? [] : [step('sign', signsFrom)]
  return [step('publish', toDate(now)), ...sign, ...withdraw]
}

function readSeconds(duration: Duration): number {
  return Math.ceil(parseDuration(duration))
}

function toDate(seconds: number): Date {
  return new Date(seconds * 1000)
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
}
