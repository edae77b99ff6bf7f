import { existsSync, readFileSync } from 'node:fs'
import {
  applyMetadataPolicy,
  InvalidMetadataError,
  type MetadataPolicy,
  MetadataPolicyError,
  mergeMetadataPolicies,
} from '@software-statement/core'
import { describe, expect, test } from 'vitest'
import { asSets } from './support.js'

interface Vector {
  readonly n: number
  readonly TA: MetadataPolicy
  readonly INT: MetadataPolicy
  readonly metadata: Readonly<Record<string, unknown>>
  readonly merged?: MetadataPolicy
  readonly resolved?: Readonly<Record<string, unknown>>
  readonly error?: 'invalid_policy' | 'invalid_metadata'
}

const file = new URL('../../../../shared/vectors/metadata-policy.json', import.meta.url)
// The file is not part of the project; its form is described where it comes from.
const vectors: readonly Vector[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Vector[]) : []
if (vectors.length === 0) console.log('skipped: the published metadata policy vectors are not beside this checkout')

describe.runIf(vectors.length > 0)('published vectors', () => {
  test.each(vectors.map((vector) => [vector.n, vector] as const))(
    'vector %i',
    (_, { TA, INT, metadata, merged, resolved, error }) => {
      if (error === 'invalid_policy') {
        expect(() => mergeMetadataPolicies(TA, INT)).toThrow(MetadataPolicyError)
        return
      }
      const policy = mergeMetadataPolicies(TA, INT)
      expect(asSets(policy)).toEqual(asSets(merged))
      if (error === 'invalid_metadata') expect(() => applyMetadataPolicy(policy, metadata)).toThrow(InvalidMetadataError)
      else expect(asSets(applyMetadataPolicy(policy, metadata))).toEqual(asSets(resolved))
    },
  )
})
