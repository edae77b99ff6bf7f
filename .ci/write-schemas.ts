// Writes the JSON Schemas that packages ship for editors from the zod schemas that read the files.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { serviceConfigurationSchema } from '../packages/registration/src/service-configuration.js'
import { approvalFileSchema } from '../packages/signer/src/approval/schema.js'
import { trustConfigurationSchema } from '../packages/verifier/src/configuration.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each schema with the file it is written to. */
export const schemas: readonly (readonly [schema: z.ZodType, path: string])[] = [
  [serviceConfigurationSchema, 'packages/registration/schemas/service.schema.json'],
  [approvalFileSchema, 'packages/signer/schemas/approval-policy.schema.json'],
  [trustConfigurationSchema, 'packages/verifier/schemas/trust.schema.json'],
]

/** What people may write into such a file. */
export function toJsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [schema, path] of schemas) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${JSON.stringify(toJsonSchema(schema), undefined, 2)}\n`)
  }
  const biome = fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome'))
  execFileSync(process.execPath, [biome, 'format', '--write', ...schemas.map(([, path]) => path)], {
    cwd: root,
    stdio: 'inherit',
  })
}
