import { parseInstant } from '@software-statement/core'
import { type KeyPlan, planKeys } from '@software-statement/signer'
import type { Flags } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readPassphrase, readPublishedKeys } from '../input/read-key.js'
import { readStatements } from '../input/read-statement.js'
import type { Io } from '../io.js'
import { parseKeyReference } from '../keys/key-reference.js'
import { writeJson } from '../output/json.js'
import { describePlan, planToJson } from '../output/key-plan.js'
import { styleFor } from '../output/style.js'

/** Plans the rotation of keys from the statements issued with them. */
export async function keysPlan(operands: readonly string[], flags: Flags<'keys'>, io: Io): Promise<ExitCode> {
  const statements = await readStatements(operands, io)
  const keys = await readRoles(flags, io)
  const plan = await planKeys(
    keys,
    statements.map(({ text }) => text),
    {
      currentDate: flags.at === undefined ? io.now() : parseInstant(flags.at),
      ...(await readPassphrase(flags['passphrase-file'], io)),
      ...(flags['cache-lifetime'] === undefined ? {} : { cacheLifetime: flags['cache-lifetime'] }),
      ...(flags['clock-tolerance'] === undefined ? {} : { clockTolerance: flags['clock-tolerance'] }),
    },
  )
  const nameOf = (statement: number) => statements[statement]?.name ?? ''
  io.stdout(flags.json === true ? `${writeJson(planToJson(plan, nameOf), 2)}\n` : describePlan(plan, nameOf, styleFor(io)))
  return exitCodeOf(plan)
}

/** The `exec:` keys take the public keys in the order of the roles. */
async function readRoles(flags: Flags<'keys'>, io: Io) {
  const publicKeys = [...(flags['public-key'] ?? [])]
  const read = async (texts: readonly string[] = []) => {
    const own = publicKeys.splice(0, texts.filter((text) => parseKeyReference(text).scheme === 'exec').length)
    return readPublishedKeys(texts, own, io)
  }
  const keys = { current: await read(flags.current), next: await read(flags.next), retired: await read(flags.retired) }
  await readPublishedKeys([], publicKeys, io) // none may be left
  return keys
}

function exitCodeOf({ problems }: KeyPlan): ExitCode {
  return problems.some(({ severity }) => severity === 'error') ? exitCodes.refused : exitCodes.accepted
}
