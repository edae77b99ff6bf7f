/** The command line, or a file it names, is not as it has to be. Its message never repeats the contents of a file. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
