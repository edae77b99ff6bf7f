import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { readSources } from './architecture/source.js'
import { parseText } from './bare-program.js'
import { listBlocks } from './markdown.js'
import { assertPromises, exportedNames, freeNames, promiseAssertion } from './snippets.js'
import { root } from './workspace.js'

/** An `@example` of a doc comment as a module of its own, which runs against the sources. */
export interface DocExample {
  /** The file of the doc comment and its line there. */
  readonly at: string
  readonly module: string
  /** How many results are asserted. */
  readonly promises: number
}

/** Where an example that shows a part finds the rest: the names exported there need no import. */
const context = 'test/support/example-context.ts'

/**
 * Every fenced block of the doc comments under `packages/<room>/src`. A name that a block uses without an import comes from the file
 * of the comment, else from the index of its package or of another one, else from the context.
 */
export function listDocExamples(): readonly DocExample[] {
  const sources = readSources(root)
  const exports = new Map(sources.map(({ path, file }) => [path, exportedNames(path, file.text)]))
  exports.set(context, exportedNames(context, readFileSync(join(root, context), 'utf8')))
  const indexes = [...exports.keys()].filter((path) => path.endsWith('/src/index.ts'))

  return sources.flatMap(({ path, room, file }) => {
    const ownFirst = indexes.toSorted((a, b) => Number(b.includes(`/${room}/`)) - Number(a.includes(`/${room}/`)))
    const places = [path, ...ownFirst, context]
    return listDocComments(file.text).flatMap(({ text, line }) =>
      listBlocks(text).map((block) => {
        const { code, promises } = assertPromises(block.code)
        const imports = [...freeNames(code)].flatMap((name) => {
          const place = places.find((candidate) => exports.get(candidate)?.has(name))
          return place === undefined ? [] : [`import { ${name} } from '${join(root, place).replace(/\.ts$/, '.js')}'`]
        })
        return {
          at: `${path}:${line + block.line - 1}`,
          module: [...imports, promiseAssertion, wrap(code)].join('\n'),
          promises,
        }
      }),
    )
  })
}

/** The body of a function may return, as examples do that show a request handler. */
function wrap(code: string): string {
  const { statements } = parseText('example.ts', code)
  const imports = statements.filter(ts.isImportDeclaration)
  const others = statements.filter((statement) => !ts.isImportDeclaration(statement))
  const print = (nodes: readonly ts.Statement[]) => nodes.map((node) => node.getFullText()).join('\n')
  return `${print(imports)}\nasync function example() {\n${print(others)}\n}\nexport const result = await example()\n`
}

function listDocComments(text: string): readonly { readonly text: string; readonly line: number }[] {
  return [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].map(({ 0: comment, index }) => ({
    text: comment
      .split('\n')
      .map((line) => line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, ''))
      .join('\n'),
    line: text.slice(0, index).split('\n').length,
  }))
}
