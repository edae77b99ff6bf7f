import type { Server } from 'node:http'
import type { ClientStore } from '@software-statement/registration'
import type { GuardedFetch, GuardedSend, GuardedSendOptions } from '@software-statement/verifier'

/** What the commands may touch of the world outside. */
export interface Io {
  /** Reads standard input to its end. */
  readonly stdin: () => Promise<Uint8Array>
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean
  readonly env: { readonly [name: string]: string | undefined }
  readonly readFile: (path: string) => Promise<Uint8Array>
  /** Whether there is a file of that name, or anything else that can be read like one. */
  readonly isFile: (path: string) => Promise<boolean>
  /** Writes a file that is not there yet; rejects with `EEXIST` if it is. The mode is that of POSIX, such as `0o600`. */
  readonly writeNewFile: (path: string, text: string, mode: number) => Promise<void>
  /**
   * Makes sure that a file can be written, before anything is done that cannot be done again. Unless it may replace one, it rejects with
   * `EEXIST` if there is one.
   */
  readonly prepareFile: (path: string, mode: number, replace: boolean) => Promise<PreparedFile>
  readonly removeFile: (path: string) => Promise<void>
  readonly now: () => Date
  /** Gets remote key sets, where it is not the library's own guarded fetch. */
  readonly fetch?: GuardedFetch
  /** Makes what sends requests to servers that the user names. */
  readonly createSend: (options: GuardedSendOptions) => GuardedSend
  /** Opens the store of clients that a text names. */
  readonly openStore: (name: string) => Promise<ClientStore>
  /** Has a server listen, and answers at which port. */
  readonly listen: (server: Server, host: string, port: number) => Promise<number>
  /** Has signals told from now on, and ends the process at the second one that ends it. Gives what stops that. */
  readonly onSignal: (listener: (signal: 'SIGHUP' | 'SIGINT' | 'SIGTERM') => void) => () => void
  /** Opens the log on standard error, which holds up nobody who writes. */
  readonly openLog: () => Promise<LogSink>
  /** Runs a program without a shell; its standard error goes to ours. Rejects if it cannot be started. */
  readonly run: (call: ProgramCall) => Promise<ProgramResult>
  /** Loads pkcs11js, which is installed by those who have a token. */
  readonly loadPkcs11: () => unknown
}

/** A file that will be there whole, or not at all. */
export interface PreparedFile {
  /** Writes it in one step. */
  readonly write: (text: string) => Promise<void>
  /** Leaves everything as it was. */
  readonly discard: () => Promise<void>
}

/** Where lines of a log go. Where they are not taken fast enough, some are lost. */
export interface LogSink {
  readonly write: (line: string) => void
  /** Resolves when what was written is out, or after a moment. */
  readonly flush: () => Promise<void>
}

interface ProgramCall {
  readonly program: string
  readonly args: readonly string[]
  readonly input: Uint8Array
  /** Added to our environment. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
}

interface ProgramResult {
  /** `exit 0` where all is well, else what happened, such as `exit 1` or `signal SIGTERM`. */
  readonly end: string
  readonly stdout: Uint8Array
}
