import type { LogSink } from '../io.js'

/** How much may wait for whoever reads the log, in bytes: more is lost, rather than kept in memory. */
const mostWaiting = 1024 * 1024

/** How long a reader is waited for in the end, in milliseconds. */
const patience = 1000

/** Writes lines to standard error as far as they are read. */
export function openLogSink(): LogSink {
  return {
    write(line) {
      if (process.stderr.writableLength < mostWaiting) process.stderr.write(line)
    },
    flush: () =>
      new Promise((resolve) => {
        // What nobody reads keeps nobody from ending.
        const timer = setTimeout(() => process.exit(0), patience)
        process.stderr.write('', () => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}
