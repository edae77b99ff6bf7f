import { type ClientStore, memoryClientStore, type RegistrationEndpoint } from '@software-statement/registration'
import {
  createNodeServer,
  type NodeServer,
  type NodeServerOptions,
  type RequestHandler,
} from '@software-statement/registration/node'
import type { TrustConfiguration, TrustReload } from '@software-statement/verifier'
import { openTrustFile } from '../input/read-trust.js'
import type { Io } from '../io.js'
import { readVersion } from '../read-version.js'
import { reportDropped } from './dropped-connections.js'
import { prepareEndpoint, refuseDoubles } from './endpoint.js'
import { listenAt, originOf } from './listen.js'
import { createServiceLog, reasonOf, type ServiceLog } from './log.js'
import { createMetrics, type ServiceMetrics } from './metrics.js'
import { healthPage, metricsPage, noPage, type Page } from './own-pages.js'
import { provisionalIssuer, type ServiceSettings } from './settings.js'
import { kindOfStore, openStore } from './store.js'
import { hearSignals, untilStopped } from './until-stopped.js'

/**
 * Runs a registration service until a signal ends it: what is configured is checked before anything is opened, and the first line of
 * standard error is the URL to register at.
 *
 * Throws `UsageError`, `TypeError`, `MetadataPolicyError`, and `TrustUnavailableError` if the store cannot be opened.
 */
export async function runService(settings: ServiceSettings, io: Io): Promise<void> {
  const { configuration, trustFile } = settings
  const signals = hearSignals(io)
  const sink = await io.openLog()
  const log = createServiceLog(configuration.log?.level ?? 'info', io.now, sink)
  const metrics = createMetrics(readVersion())
  const make = prepareEndpoint(configuration, { log, metrics, now: io.now })
  const tryOut = (trust?: TrustConfiguration) => void make(provisionalIssuer(settings), memoryClientStore(), trust)
  const trust =
    trustFile === undefined
      ? undefined
      : await openTrustFile(trustFile, { checkFile: (file) => refuseDoubles(configuration, file), checkTrust: tryOut }, io)
  if (trust === undefined) tryOut()

  const store = await openStore(settings.store, io)
  const servers: NodeServer[] = []
  const onDrop = reportDropped(log, metrics, io.now)
  const start = async (handler: RequestHandler, host: string, port: number) => {
    const { server: { drainTime: _, ...limits } = {}, proxies = {} } = configuration
    const options: NodeServerOptions = { ...limits, proxies, onDrop, onError: log.fault }
    const made = createNodeServer(handler, options)
    servers.push(made)
    return listenAt(made, host, port, io)
  }
  try {
    const service = await open(settings, { make: (issuer) => make(issuer, store, trust), store, metrics, start, now: io.now })
    const stopped = untilStopped(signals, {
      onReload: async () => {
        const reload = await trust?.trust.reload()
        if (reload !== undefined) metrics.reload(reload.reloaded ? 'reloaded' : 'failed')
        if (reload?.reloaded === true) service.renew()
        report(reload, log)
      },
      onInterval: () => forgetExpired(store, log, io.now),
    })
    io.stderr(`${service.url}\n`)
    log.event('info', 'listening', { ...service.description, trust: trust !== undefined })
    log.event('info', 'stopping', { signal: await stopped })
    const left = await Promise.all(servers.splice(0).map(({ drain }) => drain(configuration.server?.drainTime ?? 10)))
    log.event('info', 'stopped', { brokenOff: left.reduce((sum, count) => sum + count, 0) })
  } finally {
    await Promise.all(servers.map(({ drain }) => drain(0)))
    await store.close()
  }
  await sink.flush()
}

interface Parts {
  readonly make: (issuer: string) => RegistrationEndpoint
  readonly store: ClientStore
  readonly metrics: ServiceMetrics
  readonly start: (handler: RequestHandler, host: string, port: number) => Promise<number>
  readonly now: () => Date
}

/** Listens, and answers from then on. */
async function open({ host, port, issuer, configuration, store: name }: ServiceSettings, parts: Parts) {
  const { make, store, metrics, start, now } = parts
  const { metrics: shown = true, mode = 'open' } = configuration
  const pages = new Map<string, Page>([['/health', healthPage(store, now)]])
  if (shown === true) pages.set('/metrics', metricsPage(metrics))

  const answers: { endpoint: RequestHandler } = { endpoint: noPage }
  const origin = originOf(
    host,
    await start((request, info) => (pageOf(request, pages) ?? answers.endpoint)(request, info), host, port),
  )
  const renew = () => {
    const endpoint = make(issuer ?? origin)
    answers.endpoint = endpoint
    return endpoint
  }
  const { registration_endpoint, issuer: own } = renew().metadata
  if (typeof shown === 'object') {
    const other = new Map([['/metrics', metricsPage(metrics)]])
    await start((request) => (pageOf(request, other) ?? noPage)(request), shown.host ?? host, shown.port)
  }
  const description = { address: origin, issuer: own, registration_endpoint, mode, store: kindOfStore(name) }
  return { url: `${origin}${new URL(registration_endpoint).pathname}`, description, renew }
}

function pageOf({ url }: Request, pages: ReadonlyMap<string, Page>): Page | undefined {
  return pages.get(new URL(url).pathname)
}

function report(reload: TrustReload | undefined, log: ServiceLog): void {
  if (reload === undefined) {
    log.event('warn', 'there is no trust file to read again')
  } else if (reload.reloaded) {
    const { added, changed, removed } = reload
    log.event('info', 'the trust file has been read again', { added, changed, removed })
  } else {
    log.event('error', 'the trust file could not be read again: what was read before counts', { reason: reasonOf(reload.fault) })
  }
}

async function forgetExpired(store: ClientStore, log: ServiceLog, now: () => Date): Promise<void> {
  try {
    const forgotten = await store.forgetExpired(Math.floor(now().getTime() / 1000))
    if (forgotten > 0) log.event('info', 'what has expired has been forgotten', { forgotten })
  } catch (fault) {
    log.fault(fault)
  }
}
