import { readdirSync, readFileSync } from 'node:fs'
import { errorCatalogue } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { rulesOfIssues } from '../../../packages/core/src/lint/metadata-issues.js'
import { lintRules } from '../../../packages/core/src/lint/rules.js'

describe('the catalogue of rules', () => {
  const rules = Object.entries(lintRules)

  test.each(rules)('%s has a stable name, a summary and a clause', (id, { summary, clause }) => {
    expect(id).toMatch(/^(statement|metadata)\/[a-z]+(-[a-z]+)*$/)
    expect(summary).toMatch(/^[\x20-\x7e]{10,}[^.]$/)
    expect(clause).toMatch(/ \d+(\.\d+)*$/)
  })

  test('errors come first, then warnings, then infos', () => {
    const ranks = rules.map(([, { severity }]) => ['error', 'warning', 'info'].indexOf(severity))
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
  })
})

describe('issues of client metadata as findings', () => {
  const folder = new URL('../../../packages/core/src/metadata/', import.meta.url)
  const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const raised = [...new Set(sources.flatMap((source) => source.match(/ERR_[A-Z_]+/g) ?? []))]

  test.each(raised)('%s, which a metadata rule raises, has a lint rule of its own', (code) => {
    expect([...rulesOfIssues.keys()]).toContain(code)
  })

  test('no two codes share a rule, and every rule is an error', () => {
    const rules = [...rulesOfIssues.values()]
    expect(new Set(rules).size).toBe(rules.length)
    expect(rules.filter((rule) => lintRules[rule].severity !== 'error')).toEqual([])
  })

  test.each([...rulesOfIssues.keys()])('%s is a code about metadata', (code) => {
    expect(errorCatalogue[code].class).toBe('InvalidMetadataError')
  })
})
