import { canonicalJson } from '@software-statement/core'
import {
  type ConfigurationSources,
  makeCertificateTrust,
  readConfiguration,
  type TrustConfiguration,
  timesOf,
} from './configuration.js'
import type { GuardedFetch } from './fetch/guarded-fetch.js'
import type { KeySource } from './keys/key-source.js'
import { remoteKeys } from './keys/remote-keys.js'
import { findIssuerOf, type IssuerEntry, indexIssuers, toTrustedIssuer } from './trust/trust-issuers.js'
import { askInTurn, type KeyedIssuer, type TrustResolver } from './trust/trust-resolver.js'

/** What came of reading a trust file again. */
export type TrustReload =
  | {
      readonly reloaded: true
      /** The options that stand in the file now: they count for deciders that are made of them. */
      readonly options: TrustConfiguration['options']
      /**
       * Names of issuers, and for those by certificate their position among all, such as `issuers[0]` (that before, for `removed`), by what
       * has become of their entries. One that has only moved is none of these.
       */
      readonly added: readonly string[]
      readonly changed: readonly string[]
      readonly removed: readonly string[]
    }
  | {
      readonly reloaded: false
      /** Why nothing has changed: what `parseTrustConfiguration` or the reading of the file threw. */
      readonly fault: unknown
    }

/** Trust in what a file says, which may be read again. */
export interface ReloadableTrust extends TrustResolver {
  /** Always: the file may come to limit how often a statement may be used, so that deciders need `seen` from the beginning. */
  readonly limitsReplay: true
  /**
   * Reads the file again. It never rejects: a file that is not there or invalid leaves what was read before in force. Calls while
   * the file is being read share one further reading, which begins after them.
   */
  readonly reload: () => Promise<TrustReload>
}

/** What the trust file says that is in force. */
export interface OpenedTrust extends TrustConfiguration {
  readonly trust: ReloadableTrust
}

/**
 * Opens a trust file that may change: `read` gives its text, now and with every `trust.reload()`. Issuers whose entry is the same
 * keep the keys they have, and so do changed entries with the same `jwksUri`.
 *
 * Throws as `parseTrustConfiguration` does, and what `read` throws.
 *
 * @example
 * ```ts
 * const { trust, options } = await openTrust(async () => text)
 * const decide = createDecider(trust, { ...options, seen: memorySeenStatements() })
 * const reload = await trust.reload()
 * reload.reloaded // true
 * ```
 */
export async function openTrust(
  read: () => Promise<string | Uint8Array>,
  sources: ConfigurationSources = {},
): Promise<OpenedTrust> {
  if (typeof read !== 'function') throw new TypeError('openTrust needs a function that reads the trust file')
  let current = await load(read, sources, undefined)
  const reload = shareRuns(async (): Promise<TrustReload> => {
    try {
      const before = current
      current = await load(read, sources, before)
      return { reloaded: true, options: current.options, ...compare(before, current) }
    } catch (fault) {
      return { reloaded: false, fault }
    }
  })
  const resolve: TrustResolver = async (statement, query) =>
    findIssuerOf(statement, current.issuers) ?? askInTurn([...current.certificates.values()], statement, query)
  const trust: ReloadableTrust = Object.assign(resolve, { limitsReplay: true as const, reload })
  return {
    trust,
    get options() {
      return current.options
    },
  }
}

/** One reading of the file, and what was made of it. */
interface Loaded {
  readonly options: TrustConfiguration['options']
  readonly issuers: ReadonlyMap<string, KeyedIssuer>
  /** Trust by certificate, by its entry as canonical JSON. */
  readonly certificates: ReadonlyMap<string, TrustResolver>
  /** Entries as canonical JSON, by the name of the issuer; those of `x509` by their position among all, as errors name them. */
  readonly entries: ReadonlyMap<string, string>
  /** Sources of keys by issuer and URL, with the fetch that is in force for all of them. */
  readonly remote: ReadonlyMap<string, KeySource>
  readonly route: { fetch: GuardedFetch }
}

async function load(
  read: () => Promise<string | Uint8Array>,
  sources: ConfigurationSources,
  before: Loaded | undefined,
): Promise<Loaded> {
  const { entries, certificates: certificateEntries, fetch, options } = await readConfiguration(await read(), sources)
  const route = before?.route ?? { fetch }
  const remote = new Map<string, KeySource>()
  const times = timesOf(sources)
  const makeRemote = (issuer: string, uri: string) => {
    const id = canonicalJson([issuer, uri])
    const source = before?.remote.get(id) ?? remoteKeys(uri, { ...times, fetch: (...request) => route.fetch(...request) })
    remote.set(id, source)
    return source
  }
  const texts = new Map(entries.map((entry) => [entry.issuer, canonicalJson(entry)]))
  const certificates = new Map<string, TrustResolver>()
  for (const placed of certificateEntries) {
    const text = canonicalJson(placed.entry)
    const made = await makeCertificateTrust(placed, (...request) => route.fetch(...request), sources)
    certificates.set(text, before?.certificates.get(text) ?? made)
    texts.set(`issuers[${placed.position}]`, text)
  }
  const keep = (entry: IssuerEntry) =>
    before?.entries.get(entry.issuer) === texts.get(entry.issuer) ? before?.issuers.get(entry.issuer) : undefined
  const issuers = indexIssuers(
    entries.map((entry) => {
      const made = toTrustedIssuer(entry, makeRemote)
      return keep(entry) ?? made
    }),
  )
  // Nothing can fail from here on.
  route.fetch = fetch
  return { options, issuers, certificates, entries: texts, remote, route }
}

function compare(before: Loaded, after: Loaded) {
  const [gone, come] = [namesOfNew(after, before), namesOfNew(before, after)]
  return {
    added: come.filter((name) => !gone.includes(name)),
    changed: come.filter((name) => gone.includes(name)),
    removed: gone.filter((name) => !come.includes(name)),
  }
}

/** The names of entries that one reading has and another one has not, whatever their positions. */
function namesOfNew(other: Loaded, { entries }: Loaded): readonly string[] {
  const known = new Set(other.entries.values())
  return [...entries].flatMap(([name, text]) => (known.has(text) ? [] : [name]))
}

/** Runs one at a time. Calls during a run share the next one: the run under way may have read what has changed since. */
function shareRuns<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<Result> | undefined
  return () => {
    next ??= running.then(() => {
      const started = run()
      running = started
      next = undefined
      return started
    })
    return next
  }
}
