import type { GuardedFetch } from '@software-statement/verifier'

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
  readonly now: () => Date
  /** Gets remote key sets, where it is not the library's own guarded fetch. */
  readonly fetch?: GuardedFetch
  /** Runs a program without a shell; its standard error goes to ours. Rejects if it cannot be started. */
  readonly run: (call: ProgramCall) => Promise<ProgramResult>
  /** Loads pkcs11js, which is installed by those who have a token. */
  readonly loadPkcs11: () => unknown
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
