import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly type?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
  readonly imports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** Its folder under `packages/`. */
  readonly room: string
  readonly path: string
  readonly manifest: Manifest
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

export function readPackages(): readonly Package[] {
  return readdirSync(join(root, 'packages'))
    .map((room) => ({ room, path: join(root, 'packages', room) }))
    .filter(({ path }) => existsSync(join(path, 'package.json')))
    .map(({ room, path }) => ({ room, path, manifest: readManifest(path) }))
}

export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly timeout?: number
}

/** Runs a program without a terminal or input. */
export function run(program: string, args: readonly string[], { cwd, env, timeout = 120_000 }: RunOptions): Run {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    timeout,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, stdout, stderr: error === undefined ? stderr : `${stderr}${error.message}` }
}

/** Runs a program and returns its standard output. Throws if it fails. */
export function succeed(program: string, args: readonly string[], options: RunOptions): string {
  const { status, stdout, stderr } = run(program, args, options)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  return stdout
}
