/** A cell that is longer moves its own row only. */
const widest = 48

/** Lays rows out in columns that line up, each row indented by two spaces. */
export function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(Math.min(cell.length, widest), most[at] ?? 0)),
    [],
  )
  const lines = rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`)
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}
