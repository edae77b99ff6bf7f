import type { Flags } from '../definitions.js'
import type { ExitCode } from '../exit-codes.js'
import { readInput } from '../input/read-file.js'
import { readStatement, readTime } from '../input/read-statement.js'
import { demandAudience, readTrust } from '../input/read-trust.js'
import type { Io } from '../io.js'
import { exitCodeOf, judgeRequest, judgeStatement, type Verdict } from '../judge.js'
import { pathFaultOf, withTexts, writePath } from '../output/certificates.js'
import { writeJson } from '../output/json.js'
import { styleFor } from '../output/style.js'
import { layOut } from '../output/table.js'
import { writeChecks, writeIgnored, writeMetadata, writeVerdict } from '../output/verdict.js'

/** Verifies a statement, alone or in a registration request. */
export async function verify([operand = '']: readonly string[], flags: Flags<'verify'>, io: Io): Promise<ExitCode> {
  const configuration = await readTrust(flags.trust, io)
  const statement = await readStatement(operand, io)
  const circumstances = { audience: flags.audience, currentDate: readTime(flags.at, io) }
  await demandAudience(statement, flags.audience, configuration.trust, circumstances.currentDate)
  const verdict =
    flags.request === undefined
      ? await judgeStatement(statement, configuration, circumstances)
      : await judgeRequest((await readInput(flags.request, '--request', io)).bytes, statement, configuration, circumstances)
  io.stdout(flags.json === true ? `${writeJson(toJson(verdict), 2)}\n` : describe(verdict, io))
  return exitCodeOf(verdict)
}

function toJson(verdict: Verdict) {
  if (!verdict.approved) {
    const { approved, error, error_description, code, checks } = verdict
    return { approved, error, error_description, code, ...pathFaultOf(verdict), checks }
  }
  const { approved, metadata, provenance, statement, certificatePath, checks } = verdict
  return {
    approved,
    metadata,
    provenance,
    statement,
    ...(certificatePath && { certificatePath: withTexts(certificatePath) }),
    checks,
  }
}

function describe(verdict: Verdict, io: Io): string {
  const style = styleFor(io)
  const parts = [
    writeVerdict(verdict, style),
    ...(verdict.approved ? [section('metadata', writeMetadata(verdict.metadata, verdict.provenance))] : []),
    ...(verdict.approved && verdict.certificatePath !== undefined
      ? [section('certificate path', writePath(verdict.certificatePath))]
      : []),
    ...(verdict.approved && verdict.ignored.length > 0 ? [section('not registered', writeIgnored(verdict.ignored))] : []),
    section('checks', writeChecks(verdict.checks)),
  ]
  return parts.join('\n')
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}\n${layOut(rows)}`
}
