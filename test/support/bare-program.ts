import ts from 'typescript'

export function parseText(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS)
}

/** A program of these files alone: no libraries, no other modules. A name that none of them declares has no symbol. */
export function createBareProgram(files: readonly ts.SourceFile[]): ts.Program {
  const byPath = new Map(files.map((file) => [file.fileName, file]))
  const host: ts.CompilerHost = {
    getSourceFile: (path) => byPath.get(path),
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => undefined,
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => byPath.has(path),
    readFile: () => undefined,
  }
  return ts.createProgram({ rootNames: [...byPath.keys()], options: { noLib: true, noResolve: true, types: [] }, host })
}
