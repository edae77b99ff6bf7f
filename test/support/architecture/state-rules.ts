import ts from 'typescript'
import { locate, type Rule, type Source, walk } from './source.js'

const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array'])
const writers = new Set(
  ['set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'].concat(
    'append',
    'defineProperty',
  ),
)

/** No state at the level of modules or of classes: nothing there that changes, and no empty collection waiting to be filled. */
export const keepNoState: Rule = (sources) =>
  sources.flatMap((source) => {
    const faults = [...listVariables(source), ...listWrites(source)]
    return faults.map(({ node, what }) => `${locate(source, node)} ${what}`)
  })

interface Fault {
  readonly node: ts.Node
  readonly what: string
}

function listVariables({ file }: Source): readonly Fault[] {
  const faults: Fault[] = []
  walk(file, (node) => {
    if (ts.isVariableStatement(node) && node.parent === file) {
      const isConstant = (node.declarationList.flags & ts.NodeFlags.Const) !== 0
      if (!isConstant) faults.push({ node, what: 'has a variable at the level of the module' })
      for (const { initializer } of node.declarationList.declarations) {
        if (isEmptyCollection(initializer)) faults.push({ node, what: 'has an empty collection at the level of the module' })
      }
    }
    if (ts.isPropertyDeclaration(node) && hasModifier(node, ts.SyntaxKind.StaticKeyword)) {
      if (!hasModifier(node, ts.SyntaxKind.ReadonlyKeyword))
        faults.push({ node, what: 'has a static property that is not readonly' })
      if (isEmptyCollection(node.initializer)) faults.push({ node, what: 'has an empty collection as a static property' })
    }
    return true
  })
  return faults
}

function hasModifier(node: ts.PropertyDeclaration, kind: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false
}

function isEmptyCollection(node: ts.Expression | undefined): boolean {
  if (node === undefined) return false
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return isEmptyCollection(node.expression)
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression)) return false
  return collections.has(node.expression.text) && (node.arguments ?? []).length === 0
}

/** Writes to what a name at the level of the module holds: calls such as `known.set()`, assignments such as `known.x = 1`. */
function listWrites({ file, checker }: Source): readonly Fault[] {
  const isModuleLevel = (node: ts.Node) => {
    const name = rootOf(node)
    const declaration = name === undefined ? undefined : checker.getSymbolAtLocation(name)?.valueDeclaration
    return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.parent.parent.parent === file
  }
  const faults: Fault[] = []
  walk(file, (node) => {
    const target = writtenBy(node)
    if (target !== undefined && isModuleLevel(target)) faults.push({ node, what: 'writes to a value of the module' })
    return true
  })
  return faults
}

/** The expression a node writes to, if it writes. */
function writtenBy(node: ts.Node): ts.Node | undefined {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    return writers.has(node.expression.name.text) ? node.expression.expression : undefined
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment ? node.left : undefined
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    return [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator) ? node.operand : undefined
  }
  return ts.isDeleteExpression(node) ? node.expression : undefined
}

/** `known` in `known`, `known.x`, `known['x'].y` and `(known as T).z`. */
function rootOf(node: ts.Node): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return node
  const isWrapped =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isParenthesizedExpression(node)
  return isWrapped ? rootOf(node.expression) : undefined
}
