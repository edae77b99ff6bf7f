import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './workspace.js'

/** The titles of the tests and groups in a test file, those of tables as they are written: `%s is refused`. */
export function readTestTitles(path: string): ReadonlySet<string> {
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
  const titles = new Set<string>()
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && /^(describe|test)\b/.test(node.expression.getText())) {
      const [title, body] = node.arguments
      if (title !== undefined && ts.isStringLiteralLike(title) && body !== undefined) titles.add(title.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return titles
}
