import ts from 'typescript'
import { locate, type Rule, walk } from './source.js'

/** Exports have names, and only one: no default. */
export const nameExports: Rule = (sources) =>
  sources.flatMap((source) => {
    const faults: string[] = []
    walk(source.file, (node) => {
      const isDefault =
        ts.isExportAssignment(node) ||
        (ts.isExportSpecifier(node) && node.name.text === 'default') ||
        (ts.isNamespaceExport(node) && node.name.text === 'default') ||
        (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword))
      if (isDefault) faults.push(`${locate(source, node)} has a default export`)
      return true
    })
    return faults
  })

/** An index lists the names of its package one by one and holds no logic. */
export const listNames: Rule = (sources) =>
  sources
    .filter(({ path, room }) => path === `packages/${room}/src/index.ts`)
    .flatMap((source) =>
      source.file.statements
        .filter(
          (node) =>
            !(ts.isExportDeclaration(node) && node.moduleSpecifier && node.exportClause && ts.isNamedExports(node.exportClause)),
        )
        .map((node) => `${locate(source, node)} is not a list of exported names`),
    )

/** Files stay short enough to read in one go. */
export const stayShort =
  (most: number): Rule =>
  (sources) =>
    sources
      .map(({ path, file }) => ({ path, lines: file.text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > most)
      .map(({ path, lines }) => `${path} has ${lines} lines, more than ${most}`)
