import * as z from 'zod'
import { flagMembers, listMembers, urlMembers } from './members.js'
import { isServerUrl } from './server-urls.js'

const url = z.string().refine(isServerUrl, { error: 'is not an https URL, nor one with http on this machine' })
const list = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, { error: 'is not a name' }))
  .min(1)
  .refine((items) => new Set(items).size === items.length, { error: 'has an item twice' })

const each = <Schema extends z.ZodType>(names: readonly string[], schema: Schema) =>
  Object.fromEntries(names.map((name) => [name, schema.exactOptional()]))

/** The shape of what may be configured of a server's metadata. A name that is not known is refused: a misspelled limit is none. */
export const configuredMetadataSchema = z.strictObject({
  ...each(urlMembers, url),
  ...each(listMembers, list),
  ...each(flagMembers, z.boolean()),
  mtls_endpoint_aliases: z.record(z.string(), url).exactOptional(),
})
