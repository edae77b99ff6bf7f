// Brings a checkout to the state a command needs: dependencies installed, with --build also every package built.
// Does nothing when that state is already there, so that `npm test` and `npm run demo` start at once.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

function run(...args) {
  console.error(`> npm ${args.join(' ')}`)
  // npm is a script on every platform: started through the node that runs this file where npm tells its path.
  const npm = process.env.npm_execpath ?? ''
  const result = basename(npm).startsWith('npm-cli')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (result.error) console.error(result.error.message)
  if (result.status !== 0) process.exit(result.status ?? 1)
}

function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages
  } catch {
    return {}
  }
}

/** True where npm's own record of what it installed agrees with the lock file; dates would not survive a copy or a pull. */
function isInstalled() {
  const installed = lockedPackages('node_modules/.package-lock.json')
  return Object.entries(lockedPackages('package-lock.json'))
    .filter(([path]) => path !== '')
    .every(([path, wanted]) => {
      const found = installed[path]
      if (found === undefined) return wanted.optional === true
      return found.version === wanted.version && found.integrity === wanted.integrity && found.link === wanted.link
    })
}

const changed = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0)

function newest(directory) {
  const times = readdirSync(join(root, directory), { withFileTypes: true }).map((entry) => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? newest(path) : changed(path)
  })
  return Math.max(changed(directory), ...times)
}

function isBuilt() {
  const packages = readdirSync(join(root, 'packages'))
    .map((name) => join('packages', name))
    .filter((path) => existsSync(join(root, path, 'src', 'index.ts')))
  const builds = packages.map((path) => Math.min(changed(join(path, 'dist/index.js')), changed(join(path, 'dist/index.d.ts'))))
  const inputs = packages.flatMap((path) => [newest(join(path, 'src')), changed(join(path, 'package.json'))])
  const settings = ['tsup.config.ts', '.ci/third-party-licenses.ts', 'tsconfig.json', 'node_modules/.package-lock.json'].map(
    changed,
  )
  return Math.min(...builds) >= Math.max(...inputs, ...settings)
}

// The tools are development dependencies: wanted whatever NODE_ENV says.
if (!isInstalled()) run('ci', '--include=dev', '--no-audit', '--no-fund')
if (process.argv.includes('--build') && !isBuilt()) run('run', 'build', '--silent')
