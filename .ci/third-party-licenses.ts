import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Files in which packages keep their licence, and what it wants to be passed on. */
const licenceFile = /^(?:licen[cs]e|copying|notice)/i

/** The folder of the package that a file belongs to; what is ours is in no such folder. */
const packageFolder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/

const heading = `This program contains the packages below, each under its own licence.
`

/**
 * Writes the licence texts of all packages that are in a bundle to a file beside it: most licences ask for that. A package without one
 * fails the build.
 */
export function thirdPartyLicenses(file: string): Plugin {
  return {
    name: 'third-party-licenses',
    setup: ({ onEnd }) => {
      onEnd(({ metafile, errors }) => {
        if (errors.length > 0) return
        const outputs = Object.values(metafile?.outputs ?? {})
        const inputs = outputs.flatMap((output) => Object.keys(output.inputs))
        const folders = new Set(inputs.flatMap((path) => packageFolder.exec(path) ?? []))
        // One package may be there in several copies.
        const texts = [...new Set([...folders].map(describePackage))].toSorted()
        if (texts.length === 0) throw new Error('the bundle holds no package: is there no metafile?')
        // esbuild's own output is written after this.
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, [heading, ...texts].join(`\n${'-'.repeat(80)}\n\n`))
      })
    },
  }
}

function describePackage(folder: string): string {
  const { name, version, license }: Record<string, unknown> = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder).filter((entry) => licenceFile.test(entry))
  if (files.length === 0) throw new Error(`${name} ${version} comes without the text of its licence`)
  const texts = files.toSorted().map((entry) => readFileSync(join(folder, entry), 'utf8').trim())
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}
