import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { root, run } from '../support/workspace.js'

// What is built is imported, with a hook that tells every module on the way.
const hook = `
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context)
    if (${/@peculiar|reflect-metadata|pkijs|packages\/certificates\//}.test(resolved.url)) throw new Error('loads ' + specifier)
    return resolved
  }`

/** What an import comes to: nothing if all went well, else what the hook threw. */
function importing(specifier: string): string {
  const hookUrl = `data:text/javascript,${encodeURIComponent(hook)}`
  const code = `
    import { register } from 'node:module'
    register(${JSON.stringify(hookUrl)})
    await import(${JSON.stringify(specifier)}).catch((error) => process.stdout.write(error.message))`
  const { status, stdout } = run(process.execPath, ['--input-type=module', '--eval', code], { cwd: root })
  expect(status).toBe(0)
  return stdout
}

const built = (room: string) => pathToFileURL(join(root, 'packages', room, 'dist', 'index.js')).href

describe('nobody pays for certificates who does not ask for them', () => {
  test.each(['core', 'signer', 'verifier'])('importing %s loads neither this package nor a library for certificates', (room) => {
    expect(importing(built(room))).toBe('')
  })

  test('that would be noticed', () => {
    expect(importing('@peculiar/x509')).toBe('loads @peculiar/x509')
    expect(importing(built('certificates'))).toMatch(/^loads file:/)
  })
})
