import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'
import { locate, type Rule, type Source, walk } from './source.js'

/** What the sources of one package may import. */
export interface Room {
  /** Rooms of ours, by folder. */
  readonly rooms: readonly string[]
  /** Rooms of ours of which only types may be imported. */
  readonly types?: readonly string[]
  /** Packages of others. */
  readonly libraries: readonly string[]
  /** Modules of Node: none, one by one through `import()` only, or all. */
  readonly builtins: 'none' | 'all' | { readonly dynamic: readonly string[] }
  /** Files for Node only, from the root of the repository: they may import its modules, and nobody imports them by their path. */
  readonly forNode?: readonly string[]
}

interface Import {
  /** Absent where the module is computed. */
  readonly specifier: string | undefined
  readonly form: 'static' | 'dynamic'
  readonly node: ts.Node
}

/** Every import of a file: `import`, `export from`, `import()`, `import x = require()`, `require()` and `import('x').T`. */
function listImports({ file }: Source): readonly Import[] {
  const found: Import[] = []
  const add = (form: Import['form'], node: ts.Node, module: ts.Node | undefined) =>
    found.push({ form, node, specifier: module !== undefined && ts.isStringLiteralLike(module) ? module.text : undefined })
  walk(file, (node) => {
    if (ts.isImportDeclaration(node)) add('static', node, node.moduleSpecifier)
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add('static', node, node.moduleSpecifier)
    else if (ts.isExternalModuleReference(node)) add('static', node, node.expression)
    else if (ts.isImportTypeNode(node))
      add('static', node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined)
    else if (ts.isCallExpression(node) && isImportCall(node)) add('dynamic', node, node.arguments[0])
    return true
  })
  return found
}

function isImportCall({ expression }: ts.CallExpression): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require')
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** The file a relative import means, from the root of the repository. */
const targetOf = ({ path }: Source, specifier: string) => posix.join(posix.dirname(path), specifier).replace(/\.(js|mjs)$/, '.ts')

type ImportCheck = (found: Import & { readonly specifier: string }, source: Source) => string | undefined

const eachImport =
  (check: ImportCheck): Rule =>
  (sources) =>
    sources.flatMap((source) =>
      listImports(source).flatMap((found) => {
        const { specifier, node } = found
        const fault = specifier === undefined ? 'imports a module whose name is computed' : check({ ...found, specifier }, source)
        return fault === undefined ? [] : [`${locate(source, node)} ${fault}`]
      }),
    )

/**
 * Packages import the rooms, libraries and modules of Node that stand in their plan, and nothing else.
 *
 * @param names what can be imported of our packages, and the room it is in
 */
export function followPlan(plan: Readonly<Record<string, Room>>, names: ReadonlyMap<string, string>): Rule {
  return eachImport(({ specifier, form, node }, source) => {
    const { room: folder, path } = source
    const room = Object.hasOwn(plan, folder) ? plan[folder] : undefined
    if (room === undefined) return `is in the room "${folder}", which has no plan`
    const isForNode = (file: string) => room.forNode?.includes(file) ?? false
    if (specifier.startsWith('.')) {
      const passes = isForNode(path) || !isForNode(targetOf(source, specifier))
      return passes ? undefined : `imports ${specifier}, which is for Node, past its condition`
    }
    // What a package chooses by condition is its own; that it declares the name is another rule.
    if (specifier.startsWith('#')) return undefined
    if (isBuiltin(specifier)) {
      if (room.builtins === 'all' || isForNode(path)) return undefined
      if (room.builtins !== 'none' && form === 'dynamic' && room.builtins.dynamic.includes(specifier)) return undefined
      return `imports ${specifier}: ${folder} has to run without Node`
    }
    const name = packageOf(specifier)
    const ours = names.get(name)
    if (ours === undefined) return room.libraries.includes(name) ? undefined : `imports ${name}, which ${folder} may not use`
    if (!names.has(specifier)) return `reaches into ${name}`
    if (room.types?.includes(ours) === true) return isOfTypes(node) ? undefined : `imports more than types of ${ours}`
    return room.rooms.includes(ours) ? undefined : `imports ${ours}, which ${folder} may not`
  })
}

/** Whether an import is gone once types are: `import type`, `export type` and `import('x').T`. */
function isOfTypes(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly === true
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly)
}

/** What is imported is declared: as a dependency, or as a development dependency where the build bundles it. */
export function declareImports(declared: ReadonlyMap<string, ReadonlySet<string>>): Rule {
  return eachImport(({ specifier }, { room }) => {
    if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined
    const name = packageOf(specifier)
    return declared.get(room)?.has(name) ? undefined : `imports ${name}, which its package.json does not declare`
  })
}

/** Relative imports end in `.js`, name a file that is there, and stay inside their package but off its index. */
export const importNeighbours: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path))
  return eachImport(({ specifier }, source) => {
    if (!specifier.startsWith('.')) return undefined
    if (!specifier.endsWith('.js')) return `imports ${specifier}, which does not end in .js`
    const target = targetOf(source, specifier)
    if (!target.startsWith(`packages/${source.room}/src/`)) return `imports ${specifier}, which is outside of its package`
    if (target === `packages/${source.room}/src/index.ts`) return 'imports the index of its own package'
    return paths.has(target) ? undefined : `imports ${specifier}, which is not there`
  })(sources)
}

/** No file imports itself through others; imports of types count. */
export const avoidCircles: Rule = (sources) => {
  const targets = new Map(
    sources.map((source) => [
      source.path,
      listImports(source).flatMap(({ specifier }) => (specifier?.startsWith('.') ? [targetOf(source, specifier)] : [])),
    ]),
  )
  const finished = new Set<string>()
  const circles: string[] = []
  const follow = (path: string, way: readonly string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '))
    if (way.includes(path) || finished.has(path)) return
    for (const target of targets.get(path) ?? []) follow(target, [...way, path])
    finished.add(path)
  }
  for (const path of targets.keys()) follow(path, [])
  return circles
}
