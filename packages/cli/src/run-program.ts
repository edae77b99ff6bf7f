import { spawn } from 'node:child_process'
import type { Io } from './io.js'

/** More than any signature has. */
const mostBytes = 64 * 1024

/** How long a pipe is read that outlives its program: what the program has started may hold it for ever. In milliseconds. */
const graceAfterExit = 1000

/** Runs a program without a shell, in our environment, its standard error on ours. Rejects if it cannot be started. */
export const runProgram: Io['run'] = ({ program, args, input, env, timeoutSeconds }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env }, windowsHide: true })
    const chunks: Buffer[] = []
    const end = (how: string) => {
      clearTimeout(timer)
      resolve({ end: how, stdout: Buffer.concat(chunks) })
    }
    /** What it has started may live on and hold the pipes: nobody waits for that. */
    const leave = (how: string) => {
      child.removeAllListeners('exit')
      child.stdout.destroy()
      child.unref()
      end(how)
    }
    const stop = (why: string) => {
      child.kill('SIGKILL')
      leave(why)
    }
    let timer = setTimeout(() => stop(`no answer within ${timeoutSeconds} seconds`), timeoutSeconds * 1000)
    let bytes = 0
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) stop(`more than ${mostBytes} bytes of output`)
      else chunks.push(chunk)
    })
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    const describe = (status: number | null, signal: string | null) => (signal === null ? `exit ${status}` : `signal ${signal}`)
    child.on('exit', (status, signal) => {
      clearTimeout(timer)
      timer = setTimeout(() => leave(describe(status, signal)), graceAfterExit)
    })
    child.on('close', (status, signal) => end(describe(status, signal)))
    // A program that reads nothing closes the pipe: its answer tells whether that was right.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
