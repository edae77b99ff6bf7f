import { DerFault } from '../der/der-fault.js'
import { context, DerReader, tags } from '../der/der-reader.js'
import { readCount } from '../der/der-values.js'
import { type GeneralName, nextGeneralName } from '../names/general-name.js'

/** A subtree of names (RFC 5280 4.2.1.10). */
export interface GeneralSubtree {
  readonly base: GeneralName
  /** Whether `minimum` and `maximum` are what they have to be: 0 and absent. */
  readonly isWhole: boolean
}

/** What the names in later certificates must be within, and what they must not be within (RFC 5280 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralSubtree[]
  readonly excluded: readonly GeneralSubtree[]
}

/** Throws `DerFault`. */
export function readNameConstraints(reader: DerReader): NameConstraints {
  const permitted = reader.readOptional(context(0, 'constructed'))
  const excluded = reader.readOptional(context(1, 'constructed'))
  if (permitted === undefined && excluded === undefined) throw new DerFault('name constraints are empty')
  return { permitted: readSubtrees(permitted?.content), excluded: readSubtrees(excluded?.content) }
}

function readSubtrees(content: Uint8Array | undefined): readonly GeneralSubtree[] {
  if (content === undefined) return []
  const subtrees = new DerReader(content).each((list) => readSubtree(list.enter(tags.sequence)))
  if (subtrees.length === 0) throw new DerFault('a list of subtrees is empty')
  return subtrees
}

function readSubtree(reader: DerReader): GeneralSubtree {
  const base = nextGeneralName(reader)
  const minimum = reader.readOptional(context(0))
  const maximum = reader.readOptional(context(1))
  reader.expectEnd()
  return { base, isWhole: (minimum === undefined || readCount(minimum.content) === 0) && maximum === undefined }
}
