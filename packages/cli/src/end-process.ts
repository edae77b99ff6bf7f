import { endUnlessClosed } from './process-io.js'

/**
 * Ends the process with its answer as soon as all it has said is written: a connection that somebody else holds open, such as to
 * a server of keys that never answers, does not hold up the answer.
 */
export async function endProcess(exitCode: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    const fault = await new Promise<Error | null | undefined>((resolve) => stream.write('', resolve))
    if (fault !== null && fault !== undefined) endUnlessClosed(fault)
  }
  return process.exit(exitCode)
}
