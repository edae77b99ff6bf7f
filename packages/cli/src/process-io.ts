import { createReadStream } from 'node:fs'
import { open, stat, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { exitCodes } from './exit-codes.js'
import type { Io } from './io.js'

/** More than any input may have: what reads a device or an endless pipe ends here. */
const mostBytes = 16 * 1024 * 1024

/** The world outside of a process. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endUnlessClosed)
  return {
    stdin: () => readAll(process.stdin),
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTTY: process.stdout.isTTY === true,
    env: process.env,
    readFile: (path) => readAll(createReadStream(path)),
    isFile: async (path) => {
      const found = await stat(path).catch(() => undefined)
      return found?.isDirectory() === false
    },
    writeNewFile,
    prepareFile: async (...file) => (await import('./prepare-file.js')).prepareFile(...file),
    removeFile: unlink,
    now: () => new Date(),
    createSend: (options) => async (url, message) => {
      const { createGuardedSend } = await import('@software-statement/verifier')
      return createGuardedSend(options)(url, message)
    },
    openStore: async (name) => (await import('@software-statement/registration')).openClientStore(name),
    listen,
    onSignal,
    openLog: async () => (await import('./serve/log-sink.js')).openLogSink(),
    run: async (call) => (await import('./run-program.js')).runProgram(call),
    loadPkcs11,
  }
}

/** Whoever reads the output may stop before its end, as `head` does; the exit code stands all the same. */
export function endUnlessClosed({ code, syscall }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return
  // A full disk: what was promised is not there, and must not count as success.
  process.stderr.write(`software-statement: the output cannot be written: ${code ?? syscall ?? 'unexpected'}\n`)
  process.exit(exitCodes.usage)
}

/** A native module that not everybody has: found from the folder of this program, as other packages are. */
function loadPkcs11(): unknown {
  const require = createRequire(import.meta.url)
  return require('pkcs11js')
}

async function readAll(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > mostBytes) throw Object.assign(new Error(`more than ${mostBytes} bytes`), { code: 'EFBIG' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function writeNewFile(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text)
  } catch (error) {
    // Half a key or half a statement is worse than none.
    await unlink(path)
    throw error
  } finally {
    await file.close()
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** What a shell says of a process that a signal has ended. */
const endedBy = { SIGINT: 130, SIGTERM: 143 } as const

function onSignal(listener: (signal: (typeof signals)[number]) => void): () => void {
  let isEnding = false
  const hear = (signal: (typeof signals)[number]) => {
    if (isEnding && signal !== 'SIGHUP') process.exit(endedBy[signal])
    isEnding ||= signal !== 'SIGHUP'
    listener(signal)
  }
  for (const signal of signals) process.on(signal, hear)
  return () => {
    for (const signal of signals) process.off(signal, hear)
  }
}
