import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { createBareProgram, parseText } from '../bare-program.js'

/** A source file as the architecture rules see it. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  /** The folder under `packages/` it belongs to. */
  readonly room: string
  readonly file: ts.SourceFile
  readonly checker: ts.TypeChecker
}

/** A rule of the house: what breaks it, one sentence per fault. */
export type Rule = (sources: readonly Source[]) => readonly string[]

/** Parses and binds sources, given as path and text. A global is told from a local name by having no declaration among them. */
export function parseSources(texts: Readonly<Record<string, string>>): readonly Source[] {
  const files = Object.entries(texts).map(([path, text]) => parseText(path, text))
  const checker = createBareProgram(files).getTypeChecker()
  return files.map((file) => ({ path: file.fileName, room: file.fileName.split('/')[1] ?? '', file, checker }))
}

/** Every TypeScript file under `packages/<room>/src`. */
export function readSources(root: string): readonly Source[] {
  const texts: Record<string, string> = {}
  for (const room of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', room, 'src')
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts')) continue
      const path = `packages/${room}/src/${entry.replaceAll('\\', '/')}`
      texts[path] = readFileSync(join(root, path), 'utf8')
    }
  }
  return parseSources(texts)
}

/** Visits a node and everything under it; a visitor that returns false keeps out of what is under the node. */
export function walk(node: ts.Node, visit: (node: ts.Node) => boolean | undefined): void {
  if (visit(node) === false) return
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** Where a fault is, for people. */
export function locate({ path, file }: Source, node: ts.Node): string {
  return `${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`
}
