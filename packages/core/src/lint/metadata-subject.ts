import type { ClientMetadata } from '../metadata/registry.js'
import type { Finding } from './finding.js'

/** What the rules about client metadata look at. */
export interface MetadataSubject {
  /** The members that are known and well-formed. */
  readonly metadata: ClientMetadata
  /** Whether other members may come from elsewhere: these are the ones a statement vouches for. */
  readonly partial: boolean
  /** Whether there is a member of this name, well-formed or not. */
  readonly has: (name: string) => boolean
}

/** A rule, or several that belong together. */
export type MetadataRule = (subject: MetadataSubject) => readonly Finding[]
