import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { listDocExamples } from './support/doc-examples.js'
import { type Block, joinContinued, listBlocks } from './support/markdown.js'
import { assertPromises, checkTypes, promiseAssertion, stripTypes } from './support/snippets.js'
import { type Run, readPackages, root, run } from './support/workspace.js'

// Programs are started here, and machines may be busy.
vi.setConfig({ testTimeout: 120_000 })

/** Languages a README may use: the first three are run, the others are data or output. */
const languages = ['ts', 'js', 'sh', 'json', 'text', 'http']
const unrunnable = /^(npm (install|i|ci|test|run [\w:-]+)\b[^;&|]*|git clone [^;&|]*|cd [\w./-]+|npx [\w@/.-]+ install\b[^;&|]*)$/

const packageReadmes = readPackages().map(({ room }) => `packages/${room}/README.md`)
const readmes = ['README.md', 'docs/certificates.md', ...packageReadmes]
const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')

const folder = mkdtempSync(join(tmpdir(), 'software-statement-readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An empty folder in which the packages of this checkout are installed, as built. */
function makeProject(name: string): string {
  const project = join(folder, name)
  mkdirSync(project)
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  return project
}

/** Short where all is well, everything the program said where it is not. */
const outcome = ({ status, stdout, stderr }: Run) => (status === 0 ? 'ends well' : `ends with ${status}: ${stdout}${stderr}`)

/** Examples that need a key store: the journey of remote signers runs them with stand-ins for the clients, each of them. */
const keyStores = ['aws', 'google', 'azure']

const isRun = ({ language, marks }: Block) =>
  ['ts', 'js', 'sh'].includes(language) && !marks.some((mark) => mark === 'no-run' || keyStores.includes(mark))
const all = readmes.flatMap((path) => listBlocks(read(path)).map((block) => ({ path, ...block })))
const runs = readmes.flatMap((path) =>
  joinContinued(listBlocks(read(path)).filter(isRun)).map((block) => ({ ...block, path, at: `${path}:${block.line}` })),
)

describe('every README', () => {
  test.each(readmes)('%s is there', (path) => {
    expect(read(path)).not.toBe('')
  })

  test.each(packageReadmes)('%s has an example that runs, on one screen', (path) => {
    expect(runs.filter((block) => block.path === path)).not.toEqual([])
    expect(read(path).trimEnd().split('\n').length).toBeLessThanOrEqual(80)
  })

  test.each(readmes)('%s names the language of its blocks, and one that is known here', (path) => {
    const others = all.filter((block) => block.path === path && !languages.includes(block.language))
    expect(others.map(({ language, line }) => `${line}: ${language}`)).toEqual([])
  })

  test.each(readmes)('%s leaves no block out but commands that install', (path) => {
    const left = all.filter((block) => block.path === path && block.marks.includes('no-run'))
    const lines = left.flatMap(({ language, code }) => code.split('\n').map((line) => ({ language, line: line.trim() })))
    const wrong = lines.filter(
      ({ language, line }) => language !== 'sh' || !(line === '' || line.startsWith('#') || unrunnable.test(line)),
    )
    expect(wrong).toEqual([])
    expect(all.flatMap(({ marks }) => marks).filter((mark) => !['no-run', 'continued', ...keyStores].includes(mark))).toEqual([])
  })

  test.each(readmes)('%s links to files that are there', (path) => {
    const targets = [...read(path).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([])
  })
})

describe('the examples of the READMEs', () => {
  const modules = runs.filter(({ language }) => language === 'ts')
  const scripts = runs.filter(({ language }) => language !== 'sh')
  const commands = runs.filter(({ language }) => language === 'sh')

  test('have the right types', () => {
    const project = makeProject('types')
    const paths = modules.map(({ at, code }) => {
      const path = join(project, `${at.replaceAll(/\W/g, '-')}.ts`)
      writeFileSync(path, code)
      return path
    })
    expect(checkTypes(paths)).toEqual([])
  })

  test.each(scripts)('$at runs and gives what it says', ({ at, code }) => {
    const project = makeProject(at.replaceAll(/\W/g, '-'))
    writeFileSync(join(project, 'example.js'), stripTypes(promiseAssertion + assertPromises(code).code))
    expect(outcome(run(process.execPath, ['example.js'], { cwd: project, timeout: 60_000 }))).toBe('ends well')
  })

  test.each(commands)('$at runs', ({ at, code }) => {
    const project = makeProject(at.replaceAll(/\W/g, '-'))
    const env = {
      PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      // Nothing may be fetched: what runs is the build of this checkout.
      npm_config_offline: 'true',
      npm_config_yes: 'false',
    }
    expect(outcome(run('bash', ['-eo', 'pipefail', '-c', code], { cwd: project, env, timeout: 60_000 }))).toBe('ends well')
  })
})

describe('the examples of doc comments', () => {
  const examples = listDocExamples()
  const project = makeProject('doc-comments')
  const paths = examples.map(({ at, module }) => {
    const path = join(project, `${at.replaceAll(/\W/g, '-')}.ts`)
    writeFileSync(path, module)
    return path
  })
  const aliases = readPackages().map(({ room, manifest }) => [manifest.name, [join(root, `packages/${room}/src/index.ts`)]])
  const transport = ['#transport', [join(root, 'packages/verifier/src/fetch/transport-node.ts')]]
  const sourcePaths = { baseUrl: root, paths: Object.fromEntries([...aliases, transport]) }

  test('are there, and promise results', () => {
    expect(examples.filter(({ promises }) => promises > 0)).not.toEqual([])
  })

  test('have the right types', () => {
    expect(checkTypes(paths, sourcePaths)).toEqual([])
  })

  test('run and give what they say', () => {
    const runner = join(project, 'run.ts')
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...sourcePaths, target: 'ES2022' } }))
    writeFileSync(
      runner,
      `console.log = () => undefined
      const faults: string[] = []
      for (const [at, path] of ${JSON.stringify(examples.map(({ at }, index) => [at, paths[index]]))}) {
        await import(path).catch((error: unknown) => faults.push(at + ' ' + error))
      }
      process.stdout.write(JSON.stringify(faults))`,
    )
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
    const { status, stdout, stderr } = run(process.execPath, [tsx, '--tsconfig', join(project, 'tsconfig.json'), runner], {
      cwd: project,
    })
    expect({ status, stderr, faults: stdout }).toEqual({ status: 0, stderr: '', faults: '[]' })
  })
})

describe('the checks themselves', () => {
  test('a wrong result, a wrong type and an unknown name are found', () => {
    const path = join(makeProject('self-test'), 'example.ts')
    const { code, promises } = assertPromises(
      `const x: number = 'one'\nconsole.log(x) // 'two'\nx // 'one'\nx // a text\nunknownName`,
    )
    expect(promises).toBe(2)
    writeFileSync(path, promiseAssertion + code)
    expect(checkTypes([path])).toEqual([expect.stringContaining('not assignable'), expect.stringContaining('unknownName')])
    writeFileSync(path.replace('.ts', '.js'), stripTypes(promiseAssertion + code))
    expect(outcome(run(process.execPath, [path.replace('.ts', '.js')], { cwd: dirname(path) }))).toContain('strictly deep-equal')
  })

  test.each([
    ['f() // true: the second', 1],
    ['f() // { a: [1, -2], b: undefined }', 1],
    ["f()\n// 'on the next line'", 1],
    ['console.log(f()) // 1', 1],
    ['console.log(f(), g()) // 1, 2', 0],
    ['f() // { a: g() }', 0],
    ['f() // truely', 0],
    ['f()\n\n// true', 0],
    ['const x = f() // true', 0],
  ])('of %j %i results are asserted', (code, promises) => {
    expect(assertPromises(code).promises).toBe(promises)
  })

  test.each(['npm run demo && rm x', 'npx software-statement --help', 'npm pack', 'git clone x; ls', 'curl https://a.example'])(
    'the command %s may not be left out',
    (command) => {
      expect(command).not.toMatch(unrunnable)
    },
  )

  test('blocks are found where they are, and continued ones joined', () => {
    const text = 'x\n```ts\na\n```\n- y\n  ~~~ts continued\n  b\n  ~~~\n```sh no-run\nc\n```'
    const blocks = listBlocks(text)
    expect(blocks.map(({ language, marks, code, line }) => [language, marks, code, line])).toEqual([
      ['ts', [], 'a', 2],
      ['ts', ['continued'], 'b', 6],
      ['sh', ['no-run'], 'c', 9],
    ])
    expect(joinContinued(blocks).map(({ code }) => code)).toEqual(['a\nb', 'c'])
    expect(() => joinContinued(blocks.slice(1))).toThrow('continues nothing')
    expect(() => listBlocks('```ts\na')).toThrow('not closed')
  })
})
