import type { Io } from '../io.js'

interface Tasks {
  /** At SIGHUP. */
  readonly onReload: () => Promise<void>
  /** Now, and again and again. */
  readonly onInterval: () => Promise<void>
}

/** How often what has expired is looked for, in milliseconds. */
const interval = 10 * 60_000

/** Resolves with the signal that ends the service. Until then its tasks are done. */
export function untilStopped(io: Io, { onReload, onInterval }: Tasks): Promise<string> {
  return new Promise((resolve) => {
    const timer = setInterval(() => void onInterval(), interval)
    void onInterval()
    io.onSignal((signal) => {
      if (signal === 'SIGHUP') {
        void onReload()
        return
      }
      clearInterval(timer)
      resolve(signal)
    })
  })
}
