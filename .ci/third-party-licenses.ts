import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Files in which packages keep their licence, and what it wants to be passed on. */
const licenceFile = /^(?:licen[cs]e|copying|notice)/i

/** The section of a README that holds a licence, where there is no file for it. */
const licenceSection = /^#+ *licen[cs]e\b[^\n]*\n([\s\S]*?Permission is hereby granted[\s\S]*?)(?=^#|$(?![\s\S]))/im

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
  const texts = readLicences(folder)
  if (texts.length === 0) throw new Error(`${name} ${version} comes without the text of its licence`)
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`
}

/** The texts that a package asks to be passed on. */
export function readLicences(folder: string): readonly string[] {
  const entries = readdirSync(folder).toSorted()
  const read = (entry: string) => readFileSync(join(folder, entry), 'utf8')
  const files = entries.filter((entry) => licenceFile.test(entry))
  if (files.length > 0) return files.map((entry) => read(entry).trim())
  return entries.filter((entry) => /^readme/i.test(entry)).flatMap((entry) => licenceSection.exec(read(entry))?.[1]?.trim() ?? [])
}
