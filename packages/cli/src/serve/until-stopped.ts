import type { Io } from '../io.js'

type Signal = Parameters<Parameters<Io['onSignal']>[0]>[0]

/** Has signals told to a listener, those that came before it first. */
type Signals = (listener: (signal: Signal) => void) => void

/** Hears signals from now on: whoever asks a service that is just starting to read its file again must not end it. */
export function hearSignals(io: Io): Signals {
  const early: Signal[] = []
  let hear = (signal: Signal): void => void early.push(signal)
  io.onSignal((signal) => hear(signal))
  return (listener) => {
    hear = listener
    for (const signal of early) listener(signal)
  }
}

interface Tasks {
  /** At SIGHUP. */
  readonly onReload: () => Promise<void>
  /** Now, and again and again. */
  readonly onInterval: () => Promise<void>
}

/** How often what has expired is looked for, in milliseconds. */
const interval = 10 * 60_000

/** Resolves with the signal that ends the service. Until then its tasks are done. */
export function untilStopped(signals: Signals, { onReload, onInterval }: Tasks): Promise<string> {
  return new Promise((resolve) => {
    const timer = setInterval(() => void onInterval(), interval)
    void onInterval()
    signals((signal) => {
      if (signal === 'SIGHUP') {
        void onReload()
        return
      }
      clearInterval(timer)
      resolve(signal)
    })
  })
}
