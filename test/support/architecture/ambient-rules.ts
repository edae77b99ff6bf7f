import ts from 'typescript'
import { locate, type Rule, type Source, walk } from './source.js'

/** What a file may reach for out of the air, by its path. */
export type Licences = Readonly<Record<string, readonly Licence[]>>
export type Licence =
  | 'the clock as default of currentDate'
  | 'the clock as default of now'
  | 'a timer'
  | 'crypto.randomUUID'
  | 'crypto.getRandomValues'
  | 'fetch as a default'

const clock = new Set(['performance', 'Temporal', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'])
const network = new Set(['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker', 'navigator'])
const surroundings = new Set([
  'process',
  'console',
  'require',
  'module',
  'window',
  'self',
  'document',
  'location',
  'localStorage',
])
const evaluation = new Set(['eval', 'Function'])
const forbidden = new Set([...clock, ...network, ...surroundings, ...evaluation])

/** Globals that are pure but for some members: only these members may be touched, and the global may not be passed on. */
const pureMembers: Readonly<Record<string, ReadonlySet<string>>> = {
  Date: new Set(['parse', 'UTC', 'prototype']),
  Math: new Set(['abs', 'ceil', 'clz32', 'floor', 'imul', 'log2', 'max', 'min', 'pow', 'round', 'sign', 'sqrt', 'trunc']),
  crypto: new Set(['subtle']),
  AbortSignal: new Set(['any', 'abort', 'prototype']),
}

/** No clock, randomness, IO, environment, console or evaluation of text but where a file has the licence for it. */
export const stayPure =
  (licences: Licences): Rule =>
  (sources) =>
    sources.flatMap((source) => {
      const granted = Object.hasOwn(licences, source.path) ? (licences[source.path] ?? []) : []
      const uses = listGlobals(source).flatMap((node) => describeUse(node) ?? [])
      const clocks = uses.filter(({ licence }) => licence?.startsWith('the clock'))
      return [
        ...uses
          .filter(({ licence }) => licence === undefined || !granted.includes(licence))
          .map(({ node, what }) => `${locate(source, node)} uses ${what}`),
        ...(clocks.length > 1 ? [`${source.path} reads the clock in ${clocks.length} places`] : []),
      ]
    })

interface Use {
  readonly node: ts.Node
  readonly what: string
  readonly licence?: Licence
}

/** Identifiers in value position that no source declares. */
function listGlobals({ file, checker }: Source): readonly ts.Identifier[] {
  const found: ts.Identifier[] = []
  walk(file, (node) => {
    if (isOnlyType(node)) return false
    if (ts.isIdentifier(node) && isReference(node) && !isDeclared(node, checker)) found.push(node)
    return true
  })
  return found
}

function isOnlyType(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)
}

/** False for names that stand for a member or a label, not for a value. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent) || ts.isMetaProperty(parent)) return false
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isNamespaceExport(parent)) return false
  return !('name' in parent && parent.name === node)
}

/** True where a source gives the name a value; `declare` only says that a global is there. */
function isDeclared(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node)
  const isAmbient = (declaration: ts.Declaration) => (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient) !== 0
  return symbol?.declarations?.some((declaration) => !isAmbient(declaration)) ?? false
}

/** What an impure use of a global is called, or undefined if it is a pure one. */
function describeUse(node: ts.Identifier): Use | undefined {
  const { text, parent } = node
  const member = ts.isPropertyAccessExpression(parent) ? parent.name.text : undefined
  if (text === 'globalThis') {
    if (member === 'fetch') return { node, what: 'fetch', licence: 'fetch as a default' }
    return { node, what: member === undefined ? 'globalThis' : `globalThis.${member}` }
  }
  if (text === 'setTimeout') return { node, what: text, licence: 'a timer' }
  if (forbidden.has(text)) return { node, what: text }
  if (!Object.hasOwn(pureMembers, text)) return undefined
  if (text === 'Date' && ts.isNewExpression(parent)) return describeDate(node, parent)
  if (isInstanceTest(node)) return undefined
  if (member === undefined) return { node, what: `${text} as a value` }
  if (pureMembers[text]?.has(member)) return undefined
  if (text === 'crypto' && member === 'randomUUID') return { node, what: 'crypto.randomUUID', licence: 'crypto.randomUUID' }
  if (text === 'crypto' && member === 'getRandomValues') {
    return { node, what: 'crypto.getRandomValues', licence: 'crypto.getRandomValues' }
  }
  return { node, what: `${text}.${member}` }
}

function describeDate(node: ts.Node, made: ts.NewExpression): Use | undefined {
  if (made.arguments !== undefined && made.arguments.length > 0) return undefined
  const what = 'new Date() without a time'
  if (isDefaultOfNow(made)) return { node, what, licence: 'the clock as default of now' }
  return isDefaultOfCurrentDate(made) ? { node, what, licence: 'the clock as default of currentDate' } : { node, what }
}

/** `{ now = () => new Date() }`: a clock for what outlives a decision. */
function isDefaultOfNow({ parent: clock }: ts.Expression): boolean {
  if (!ts.isArrowFunction(clock) || !ts.isBindingElement(clock.parent)) return false
  const { propertyName, name } = clock.parent
  const named = propertyName ?? name
  return ts.isIdentifier(named) && named.text === 'now'
}

/** `options.currentDate ?? new Date()`, `{ currentDate = new Date() }` or a parameter `currentDate = new Date()`. */
function isDefaultOfCurrentDate(made: ts.NewExpression): boolean {
  const { parent } = made
  const isNamed = (node: ts.Node) => ts.isIdentifier(node) && node.text === 'currentDate'
  if (ts.isBindingElement(parent)) return isNamed(parent.propertyName ?? parent.name)
  if (ts.isParameter(parent)) return isNamed(parent.name)
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return false
  return isNamed(ts.isPropertyAccessExpression(parent.left) ? parent.left.name : parent.left)
}

function isInstanceTest({ parent }: ts.Identifier): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword
}
