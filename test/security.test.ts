import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultLimits } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { readTestTitles } from './support/test-titles.js'
import { readVectors, type Vector } from './support/vectors.js'
import { root } from './support/workspace.js'

const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')

/** The rows of the table below a heading, without its head and the rows that only part it. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  const cells = rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
  return cells.filter(([first = '']) => !first.startsWith('**'))
}

const linksIn = (cell: string) =>
  [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, name = '', path = '']) => ({ name: name.replaceAll('\\', ''), path }))

/** What a file shows: the titles of its tests, or the names of its vectors. */
function shownBy(path: string): ReadonlySet<string> {
  if (path.endsWith('.test.ts')) return readTestTitles(path)
  const vectors: readonly Vector[] = JSON.parse(readFileSync(join(root, path), 'utf8'))
  return new Set(vectors.map(({ name }) => name))
}

describe('SECURITY.md', () => {
  const attacks = rowsBelow('Attacks, checks, tests')

  test('has its rows, each with an attack, a check and what shows it', () => {
    expect(attacks.length).toBeGreaterThan(40)
    for (const row of attacks) expect(row).toHaveLength(3)
  })

  test.each(attacks)('%s: the check is in a file that is there', (_, check = '') => {
    const links = linksIn(check)
    expect(links).not.toEqual([])
    for (const { name, path } of links) {
      expect(path).toMatch(new RegExp(`^packages/\\w+/src/.*${name.replace('.', '\\.')}$`))
      expect(existsSync(join(root, path)), path).toBe(true)
    }
  })

  test.each(attacks)('%s: what shows it is there under that name', (_, __, shown = '') => {
    const links = linksIn(shown)
    expect(links).not.toEqual([])
    for (const { name, path } of links) expect(shownBy(path), path).toContain(name)
  })

  test('names the limits with their defaults', () => {
    const told = rowsBelow('Limits').map(([name = '', value = '']) => {
      const [number, unit] = value.split(' ')
      return [name.replaceAll('`', ''), Number(number) * (unit === 'KiB' ? 1024 : 1)]
    })
    expect(Object.fromEntries(told)).toEqual(defaultLimits)
  })
})

describe('the check of SECURITY.md', () => {
  test('knows titles of tests, of tables and of groups, and nothing else', () => {
    const titles = readTestTitles('test/security.test.ts')
    expect(titles).toContain('knows titles of tests, of tables and of groups, and nothing else')
    expect(titles).toContain('%s: the check is in a file that is there')
    expect(titles).toContain('SECURITY.md')
    expect(titles).not.toContain('Limits')
  })

  test('knows vectors by their names', () => {
    for (const { name } of readVectors().filter(({ kind }) => kind === 'policy')) {
      expect(shownBy('fixtures/vectors/policy.json')).toContain(name)
    }
  })
})
