import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { certificateFaults } from '@software-statement/certificates'
import { errorCatalogue } from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { readVectors as readSource, sources, writeVectors } from '../fixtures/generate.js'
import { readVectors, runVector, type Vector } from './support/vectors.js'
import { root } from './support/workspace.js'

const vectors = readVectors()
const kinds: readonly Vector['kind'][] = ['register', 'verify', 'jws', 'sign', 'policy', 'exchange', 'path']
const codes = [...Object.keys(errorCatalogue), ...Object.keys(certificateFaults)]

/** Null stands for absence: a member that must not be there. */
function expected(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? undefined
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expected(inner)]))
}

/** Of an outcome, what an expectation speaks of. */
function reduced(outcome: unknown, expectation: unknown): unknown {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(outcome) || !isObject(expectation)) return outcome
  return Object.fromEntries(
    Object.entries(expectation).map(([name, inner]) => [
      name,
      Object.hasOwn(outcome, name) ? reduced(outcome[name], inner) : undefined,
    ]),
  )
}

describe('the vectors', () => {
  test.each(vectors)('$kind: $name', async (vector) => {
    const outcome = await runVector(vector)
    expect(reduced(outcome, vector.expect)).toEqual(expected(vector.expect))
  })
})

describe('the collection', () => {
  test('every code of the catalogues has a vector', () => {
    const shown = new Set(vectors.flatMap(({ expect: { code, path } }) => [code, path?.code]))
    expect(codes.filter((code) => !shown.has(code))).toEqual([])
  })

  test('every refusal has a code of the catalogues, every approval says more than that', () => {
    for (const { name, expect: expectation } of vectors) {
      if (expectation.approved) expect(Object.keys(expectation).length, name).toBeGreaterThan(1)
      else expect(codes, name).toContain(expectation.code)
    }
  })

  test('every vector names what it is about', () => {
    for (const { kind, name, clause, description } of vectors) {
      expect(kinds).toContain(kind)
      expect(clause, name).toMatch(/^(RFC \d{4}|OpenID|Unicode UTS) ?.*\d/)
      expect(description, name).toMatch(/^\S.*\.$/)
    }
  })

  test('no two vectors have one name', () => {
    const names = vectors.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('they are those that are generated, signatures that are random aside', () => {
    const files = readdirSync(join(root, 'fixtures', 'vectors')).map((file) => file.replace(/\.json$/, ''))
    expect(files.sort()).toEqual([...sources.keys()].sort())
    for (const [name, generated] of sources) {
      const committed = readSource(name)
      expect(JSON.parse(writeVectors(generated, committed)), name).toEqual(JSON.parse(committed))
    }
  })
})
