import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultLimits } from '@software-statement/core'
import {
  createAddressReader,
  createLimits,
  createRegistrationEndpoint,
  memoryClientStore,
  parseServiceConfiguration,
} from '@software-statement/registration'
import { createNodeServer } from '@software-statement/registration/node'
import { describe, expect, test } from 'vitest'
import { toJsonSchema } from '../../.ci/write-schemas.js'
import { definitions } from '../../packages/cli/src/definitions.js'
import { serviceConfigurationSchema } from '../../packages/registration/src/service-configuration.js'
import { listBlocks } from '../support/markdown.js'
import { root } from '../support/workspace.js'

interface Shape {
  readonly properties: Readonly<Record<string, Shape & { readonly anyOf?: readonly Shape[] }>>
}

/** What may stand in the file, and below one of its members. */
const schema = toJsonSchema(serviceConfigurationSchema) as Shape // JSON Schema of an object
const namesOf = ({ properties }: Pick<Shape, 'properties'>) => Object.keys(properties ?? {}).sort()

/** Every option is named where one that there is not is refused. */
function optionsOf(misuse: () => unknown): readonly string[] {
  try {
    misuse()
  } catch (error) {
    return String(error)
      .replace(/^.*there are /s, '')
      .split(', ')
      .sort()
  }
  throw new Error('nothing was refused')
}

const frobnicate = { frobnicate: 1 } as object

describe('a service can be configured with', () => {
  test('every option of the endpoint that is data', () => {
    const options = optionsOf(() =>
      createRegistrationEndpoint({ issuer: 'https://as.example', store: memoryClientStore(), ...frobnicate }),
    )
    // Functions, and what clients authenticate with at other endpoints than this one.
    const others = ['addressOf', 'cache', 'clientAuthentication', 'now', 'onDecision', 'onError', 'random', 'status']
    expect(options.length).toBeGreaterThan(25)
    expect(options.filter((name) => !namesOf(schema).includes(name) && !others.includes(name))).toEqual([])
  })

  test.each<[string, () => readonly string[], readonly string[]]>([
    ['rateLimits', () => optionsOf(() => createLimits(frobnicate)), ['createLimiter']],
    ['proxies', () => optionsOf(() => createAddressReader(frobnicate)), []],
    ['limits', () => Object.keys(defaultLimits).sort(), []],
  ])('everything that there is of %s', (member, options, functions) => {
    const { [member]: shape } = schema.properties
    expect(shape && namesOf(shape)).toEqual(options().filter((name) => !functions.includes(name)))
  })

  test('every limit of connections', () => {
    const { server } = schema.properties
    for (const name of server ? namesOf(server) : []) {
      if (name !== 'drainTime')
        expect(() => createNodeServer(async () => new Response(), { [name]: 'nonsense' })).toThrow(/duration|must be/)
    }
    expect(server && namesOf(server)).toContain('requestTimeout')
  })
})

describe('the page on serving', () => {
  const page = readFileSync(join(root, 'docs/serving.md'), 'utf8')

  test('shows a file that can be read', () => {
    const [file] = listBlocks(page).filter(({ language }) => language === 'json')
    expect(Object.keys(parseServiceConfiguration(file?.code ?? '')).length).toBeGreaterThan(10)
  })

  test('names every flag, and the member of the file for it', () => {
    const rows = page.split('\n').flatMap((line) => /^\| `--(\w+)` \| (?:`(\w+)`)? ?\|/.exec(line)?.slice(1, 3) ?? [])
    const flags = rows.filter((_, at) => at % 2 === 0)
    expect(flags.sort()).toEqual(Object.keys(definitions.serve.options).sort())
    const members = rows.filter((name, at) => at % 2 === 1 && name !== undefined)
    expect(members.filter((name) => !namesOf(schema).includes(name))).toEqual([])
  })
})

describe('parseServiceConfiguration', () => {
  test('gives what stands there', () => {
    const text =
      '{"$schema":"x","mode":"token","metadata":{"scopes_supported":["mail"]},"tokenRotation":{"overlap":"1 hour"},"cors":true}'
    const said = {
      $schema: 'x',
      mode: 'token',
      metadata: { scopes_supported: ['mail'] },
      tokenRotation: { overlap: '1 hour' },
      cors: true,
    }
    expect(parseServiceConfiguration(text)).toEqual(said)
    expect(parseServiceConfiguration(new TextEncoder().encode(text))).toEqual(said)
  })

  test.each([
    ['', 'JSON'],
    ['[]', 'object'],
    ['{"mode":"token","mode":"open"}', 'duplicate'],
    ['{"modes":"token"}', 'modes'],
    ['{"mode":"closed"}', 'mode'],
    ['{"port":70000}', 'port'],
    ['{"port":"80"}', 'port'],
    ['{"metadata":{"scope":["mail"]}}', 'scope'],
    ['{"metadata":{"token_endpoint":"http://as.example"}}', 'token_endpoint'],
    ['{"rateLimits":{"createLimiter":1}}', 'createLimiter'],
    ['{"rateLimits":{"failures":0}}', 'failures'],
    ['{"merge":{"scope":"never"}}', 'scope'],
    ['{"tokenRotation":true}', 'tokenRotation'],
    ['{"metrics":{"host":"localhost"}}', 'metrics'],
    ['{"__proto__":{}}', 'configuration'],
  ])('of %j is a TypeError that says where', (text, named) => {
    expect(() => parseServiceConfiguration(text)).toThrow(TypeError)
    expect(() => parseServiceConfiguration(text)).toThrow(named)
  })

  test('of something else than text is a TypeError', () => {
    expect(() => parseServiceConfiguration({} as string)).toThrow(TypeError) // what the types refuse
  })
})
