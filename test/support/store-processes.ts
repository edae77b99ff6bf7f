import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { root } from './workspace.js'

/** A process that runs `test/registration/store-process.ts`. */
export interface StoreProcess {
  readonly child: ChildProcess
  /** The clients it has said to be admitted so far. */
  readonly admitted: readonly string[]
  /** Resolves with its exit code or signal and what it wrote to standard error. */
  readonly end: Promise<{ readonly status: number | NodeJS.Signals | null; readonly stderr: string }>
}

export function startStoreProcess(...args: readonly string[]): StoreProcess {
  // The process itself, without a launcher between: a signal to it has to reach what writes.
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/registration/store-process.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: undefined },
  })
  const admitted: string[] = []
  let [line, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    for (const [outcome, name] of lines.map((it) => it.split(' '))) if (outcome === 'admitted' && name) admitted.push(name)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const end = once(child, 'close').then(([code, signal]) => ({ status: code ?? signal, stderr }))
  return { child, admitted, end }
}
