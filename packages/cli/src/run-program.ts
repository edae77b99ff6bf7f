import { spawn } from 'node:child_process'
import type { Io } from './io.js'

/** More than any signature has. */
const mostBytes = 64 * 1024

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
    const stop = (why: string) => {
      child.kill('SIGKILL')
      child.stdout.destroy()
      child.unref()
      end(why)
    }
    const timer = setTimeout(() => stop(`no answer within ${timeoutSeconds} seconds`), timeoutSeconds * 1000)
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
    child.on('close', (status, signal) => end(signal === null ? `exit ${status}` : `signal ${signal}`))
    // A program that reads nothing closes the pipe: its answer tells whether that was right.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
