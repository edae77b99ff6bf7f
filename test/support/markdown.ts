/** A fenced block of code in a Markdown text. */
export interface Block {
  /** The first word after the fence. */
  readonly language: string
  /** What stands behind the language. */
  readonly marks: readonly string[]
  readonly code: string
  /** The line of the fence, from 1. */
  readonly line: number
}

/** Lists the fenced blocks of a Markdown text, indented ones included. Throws if a fence is not closed. */
export function listBlocks(markdown: string): readonly Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const open = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(lines[at] ?? '')
    at += 1
    if (open === null) continue
    const [, indent = '', fence = '', info = ''] = open
    const start = at
    while (at < lines.length && lines[at]?.trim() !== fence) at += 1
    if (at === lines.length) throw new Error(`the block of line ${start} is not closed`)
    const [language = '', ...marks] = info.trim().split(/\s+/)
    const code = lines.slice(start, at).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    blocks.push({ language, marks, code: code.join('\n'), line: start })
    at += 1
  }
  return blocks
}

/** Joins each block marked `continued` with the one before it that has the same language. Throws if there is none. */
export function joinContinued(blocks: readonly Block[]): readonly Block[] {
  const joined: Block[] = []
  for (const block of blocks) {
    if (!block.marks.includes('continued')) {
      joined.push(block)
      continue
    }
    const before = joined.findLastIndex(({ language }) => language === block.language)
    const first = joined[before]
    if (first === undefined) throw new Error(`the block of line ${block.line} continues nothing`)
    joined[before] = { ...first, code: `${first.code}\n${block.code}` }
  }
  return joined
}
