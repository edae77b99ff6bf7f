import { join } from 'node:path'
import ts from 'typescript'
import { createBareProgram, parseText } from './bare-program.js'
import { root } from './workspace.js'

/** A piece of documentation that is code, with the results its comments promise turned into assertions. */
export interface Snippet {
  readonly code: string
  /** How many results are asserted. */
  readonly promises: number
}

const parse = (code: string) => parseText('snippet.ts', code)

/**
 * Turns `expression // result` into an assertion, the comment at the end of the line or on the next. A result is a literal, alone or
 * before a colon and prose (`// true: the second letter is Cyrillic`); other comments are prose.
 */
export function assertPromises(code: string): Snippet {
  const file = parse(code)
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = []
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement)) continue
    const result = readResult(commentAfter(code, statement.end))
    const subject = promisedValue(statement.expression)
    if (result === undefined || subject === undefined) continue
    const [from, to] = [statement.getStart(file), statement.end]
    edits.push({ from, to, text: `__promise(${subject.getText(file)}, ${result});` })
  }
  const edited = edits.reduceRight((text, { from, to, text: by }) => text.slice(0, from) + by + text.slice(to), code)
  return { code: edited, promises: edits.length }
}

/** The function that `assertPromises` calls, for the head of a module. */
export const promiseAssertion = `
import { deepStrictEqual as __equal } from 'node:assert/strict'
function __promise<T>(actual: T, promised: unknown): void {
  __equal(structuredClone(actual), promised)
}
`

/** `x` in `x` and in `console.log(x)`; nothing where more than one value is logged. */
function promisedValue(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'console.log') return node
  return node.arguments.length === 1 ? node.arguments[0] : undefined
}

function commentAfter(code: string, end: number): string {
  const [, text = ''] = /^[ \t;]*\n?[ \t]*\/\/ ?(.*)/.exec(code.slice(end)) ?? []
  return text.trim()
}

function readResult(comment: string): string | undefined {
  const [, primitive] = /^(true|false|undefined|null|-?\d+(?:\.\d+)?|'[^']*'|"[^"]*")(?=$|[:;,] )/.exec(comment) ?? []
  if (primitive !== undefined) return primitive
  return /^[[{]/.test(comment) && isLiteral(comment) ? comment : undefined
}

function isLiteral(text: string): boolean {
  const [statement, ...others] = parse(`(${text})`).statements
  if (statement === undefined || others.length > 0 || !ts.isExpressionStatement(statement)) return false
  const check = (node: ts.Expression): boolean => {
    if (ts.isParenthesizedExpression(node)) return check(node.expression)
    if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand)
    if (ts.isArrayLiteralExpression(node)) return node.elements.every(check)
    if (ts.isObjectLiteralExpression(node))
      return node.properties.every((it) => ts.isPropertyAssignment(it) && check(it.initializer))
    if (ts.isIdentifier(node)) return node.text === 'undefined'
    return (
      ts.isLiteralExpression(node) ||
      [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
    )
  }
  return statement.getText().length === text.length + 2 && check(statement.expression)
}

/** The names a module exports, types included. */
export function exportedNames(path: string, text: string): ReadonlySet<string> {
  const file = parseText(path, text)
  const checker = createBareProgram([file]).getTypeChecker()
  const symbol = checker.getSymbolAtLocation(file)
  return new Set(symbol === undefined ? [] : checker.getExportsOfModule(symbol).map(({ name }) => name))
}

/** The names a module uses and does not declare or import itself. */
export function freeNames(code: string): ReadonlySet<string> {
  const file = parse(code)
  const messages = createBareProgram([file]).getSemanticDiagnostics(file)
  // "Cannot find name": 2304, with suggestions 2552, as a namespace 2503, as a short property 18004, for globals of libraries 2580 to 2584.
  const isMissing = (code: number) => [2304, 2503, 2552, 18004].includes(code) || (code >= 2580 && code <= 2584)
  return new Set(
    messages.filter(({ code }) => isMissing(code)).map(({ start = 0, length = 0 }) => file.text.slice(start, start + length)),
  )
}

/** TypeScript to JavaScript, without looking at types. */
export function stripTypes(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

/** Checks the types of modules that are on disk. Returns the faults found in them, not those of what they import. */
export function checkTypes(paths: readonly string[], options: ts.CompilerOptions = {}): readonly string[] {
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: ['lib.es2023.d.ts', 'lib.es2024.string.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    ...options,
  })
  return paths.flatMap((path) => {
    const file = program.getSourceFile(path)
    const faults = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return faults.map(({ messageText, start = 0 }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
      return `${path}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}
