import { isRedirectHost, parseInstant, redirectHostPattern } from '@software-statement/core'
import * as z from 'zod'
import { readLifetime } from '../lifetime.js'

const redirectHost = z
  .string()
  .refine(isRedirectHost, 'not a host such as "mail.example" or "mail.example:8443", or a scheme such as "com.example.app:"')
  .meta({ pattern: redirectHostPattern.source })

const instant = z.iso.datetime({ offset: true }).refine((text) => !fails(() => parseInstant(text)), 'not a point in time')
const lifetime = z
  .union([z.string(), z.int().positive()])
  .refine((duration) => !fails(() => readLifetime(duration)), 'not a duration of at least one second')

const approvalSchema = z.strictObject({
  software_id: z.string().min(1).describe('The software this approval is for, compared exactly.'),
  approvedBy: z.string().min(1).describe('Who has approved it.'),
  approvedUntil: instant.describe('When the approval ends: no statement lives longer.'),
  metadata_policy: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .describe(
      'Members that may be vouched for, each with its metadata policy operators (OpenID Federation 1.0, 6.1.3); none: any value.',
    ),
  metadata_policy_crit: z
    .array(z.string())
    .optional()
    .describe('Operators that have to be understood. All that are used have to be.'),
  redirectHosts: z
    .array(redirectHost)
    .min(1)
    .optional()
    .describe(
      'Hosts that redirect URIs may have, those after logout too: "mail.example", "mail.example:8443", "com.example.app:" for a private-use scheme.',
    ),
  maxLifetime: lifetime.optional().describe('The longest life of a statement: seconds, or text such as "90 days".'),
})

/** The approval policy file: for each `software_id` what may be vouched for. */
export const approvalFileSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Where this schema is, for editors.'),
    approvals: z.array(approvalSchema),
  })
  .meta({ title: 'Approval policy', description: 'Says for each software_id what software statements may vouch for.' })

export type ApprovalEntry = z.infer<typeof approvalSchema>

function fails(read: () => unknown): boolean {
  try {
    read()
    return false
  } catch {
    return true
  }
}
