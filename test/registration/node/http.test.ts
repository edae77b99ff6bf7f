import { once } from 'node:events'
import { request as requestHttp } from 'node:http'
import { Readable } from 'node:stream'
import { createRegistrationEndpoint, memoryClientStore } from '@software-statement/registration'
import {
  createNodeServer,
  type DroppedConnection,
  type NodeServer,
  type NodeServerOptions,
  type RequestHandler,
} from '@software-statement/registration/node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { exchange, flood, openConnection, type RawConnection, readAnswers } from '../../support/raw-http.js'

// Real sockets, and bytes that no library would send. Machines may be busy.
vi.setConfig({ testTimeout: 60_000 })

const running: NodeServer[] = []
afterEach(async () => {
  for (const { drain } of running.splice(0)) await drain(0)
})

async function serve(handler: RequestHandler, options: NodeServerOptions = {}) {
  const made = createNodeServer(handler, options)
  running.push(made)
  made.server.listen(0, '127.0.0.1')
  await once(made.server, 'listening')
  const address = made.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { ...made, origin: `http://127.0.0.1:${port}` }
}

const serveEndpoint = (options?: NodeServerOptions) =>
  serve(createRegistrationEndpoint({ issuer: 'https://as.example', store: memoryClientStore() }), options)

const metadata = JSON.stringify({ redirect_uris: ['https://mail.example/cb'], client_name: 'Mail' })
const head = (lines: readonly string[], first = 'POST /reg HTTP/1.1') =>
  [first, 'Host: as.example', 'Content-Type: application/json', ...lines, '', ''].join('\r\n')
const post = (body = metadata, lines: readonly string[] = []) => head([`Content-Length: ${body.length}`, ...lines]) + body
const closing = ['Connection: close']
const isServed = async (origin: string) => {
  const { status } = await fetch(`${origin}/reg`, {
    method: 'POST',
    body: metadata,
    headers: { 'content-type': 'application/json' },
  })
  return status === 201
}

/** What an answer says, and that it is a JSON error like every other. */
function describeAnswers(text: string): readonly (number | string)[] {
  return readAnswers(text).map(({ status, headers, body }) => {
    if (status < 400) return status
    const { error, error_description }: Record<string, unknown> = JSON.parse(body)
    const isWhole = headers.get('content-type') === 'application/json' && headers.get('cache-control') === 'no-store'
    return isWhole && typeof error_description === 'string' ? `${status} ${error}` : `${status} without its headers`
  })
}

const invalid = (status: number) => `${status} invalid_request`

describe('a request', () => {
  test.each<[string, string, readonly (number | string)[]]>([
    ['with a length', post(metadata, closing), [201]],
    [
      'in chunks',
      `${head(['Transfer-Encoding: chunked', ...closing])}${metadata.length.toString(16)};a=b\r\n${metadata}\r\n0\r\nX: y\r\n\r\n`,
      [201],
    ],
    ['of HTTP/1.0', `${head([`Content-Length: ${metadata.length}`], 'POST /reg HTTP/1.0')}${metadata}`, [201]],
    [
      'of HTTP/1.0 without a host',
      `POST /reg HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${metadata.length}\r\n\r\n${metadata}`,
      [201],
    ],
    [
      'with a whole URL, as to a proxy',
      head(closing, 'GET http://elsewhere.example/.well-known/oauth-authorization-server HTTP/1.1'),
      [200],
    ],
    ['for the server itself', head(closing, 'OPTIONS * HTTP/1.1'), [invalid(404)]],
    ['with a path like a host', head(closing, 'GET //elsewhere.example/reg HTTP/1.1'), [invalid(404)]],
    ['that goes up and down again', head(closing, 'GET /reg/../.well-known/x/%2e%2e/oauth-authorization-server HTTP/1.1'), [200]],
    [
      'with a body that nobody wants',
      head(['Content-Length: 4', ...closing], 'GET /.well-known/oauth-authorization-server HTTP/1.1').concat('abcd'),
      [200],
    ],
    [
      'that wants to speak otherwise',
      head(['Connection: Upgrade, close', 'Upgrade: h2c'], 'GET /.well-known/oauth-authorization-server HTTP/1.1'),
      [200],
    ],
    ['without a body', head(closing), ['400 invalid_client_metadata']],
    ['with an empty body', head(['Content-Length: 0', ...closing]), ['400 invalid_client_metadata']],
    ['whose method is not for this path', head(closing, 'PATCH /reg HTTP/1.1'), [invalid(405)]],
    ['whose method has no requests of the platform', head(closing, 'TRACE /reg HTTP/1.1'), [invalid(405)]],
    ['for a tunnel', head([], 'CONNECT as.example:443 HTTP/1.1'), [invalid(405)]],
    ['of a method that nobody knows', head([], 'FROBNICATE /reg HTTP/1.1'), [invalid(400)]],
    ['to a URL that is none', head([], 'GET http://[::1 HTTP/1.1'), [invalid(400)]],
    ['to a URL that is no place', head([], 'GET mailto:x HTTP/1.1'), [invalid(400)]],
    ['without a host', 'GET /reg HTTP/1.1\r\n\r\n', [invalid(400)]],
    ['with two hosts', head(['Host: other.example', ...closing], 'GET /reg HTTP/1.1'), [invalid(400)]],
    ['with a header that is none', head(['a b: c']), [invalid(400)]],
    ['with a NUL in a header', head(['X: \0']), [invalid(400)]],
    ['with two lengths', `${head(['Content-Length: 4', 'Content-Length: 5'])}abcde`, [invalid(400)]],
    ['with a length below nothing', head(['Content-Length: -1']), [invalid(400)]],
    ['with a length that is none', head(['Content-Length: 0x10']), [invalid(400)]],
    ['with a length and chunks', `${head(['Content-Length: 4', 'Transfer-Encoding: chunked'])}0\r\n\r\n`, [invalid(400)]],
    ['with a transfer encoding that nobody knows', head(['Transfer-Encoding: chunked, frobnicate']), [invalid(400)]],
    ['with a chunk that is none', `${head(['Transfer-Encoding: chunked'])}zz\r\n`, [invalid(400)]],
    ['with extensions of chunks without end', `${head(['Transfer-Encoding: chunked'])}1;${'a'.repeat(100_000)}`, [invalid(413)]],
    ['with a header without end', head([`X: ${'a'.repeat(1_000_000)}`]), [invalid(431)]],
    ['with headers without end', head(Array.from({ length: 100_000 }, (_, at) => `X-${at}: y`)), [invalid(431)]],
    ['of another version', 'GET /reg HTTP/9.9\r\n\r\n', [invalid(400)]],
    ['that is not HTTP', 'EHLO as.example\r\n', [invalid(400)]],
    ['that begins TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [invalid(400)]],
    ['that expects what there is not', head(['Expect: 200-ok', 'Content-Length: 4']), [invalid(417)]],
  ])('%s is answered with an answer of HTTP and JSON', async (_, bytes, answers) => {
    const { origin } = await serveEndpoint()
    const { text, reset } = await exchange(origin, Buffer.from(bytes, 'latin1'))
    expect({ answers: describeAnswers(text), reset }).toEqual({ answers, reset: false })
    expect(await isServed(origin)).toBe(true)
  })

  test('is one of many on a connection, all answered in their order', async () => {
    const delays = [40, 20, 0]
    const { origin } = await serve(async (request) => {
      const index = Number(new URL(request.url).searchParams.get('n'))
      await new Promise((resolve) => setTimeout(resolve, delays[index]))
      return new Response(String(index))
    })
    const requests = delays.map((_, at) => head(at === 2 ? closing : [], `GET /?n=${at} HTTP/1.1`))
    const { text } = await exchange(origin, requests.join(''))
    expect(readAnswers(text).map(({ body }) => body)).toEqual(['0', '1', '2'])
  })

  test.each(['EHLO as.example\r\n\r\n', `POST /reg HTTP/1.1\r\n\0\r\n\r\n`])(
    'is answered before %j behind it is refused',
    async (behind) => {
      const { origin } = await serve(async (request) => {
        await request.text()
        await new Promise((resolve) => setTimeout(resolve, 50))
        return new Response('first')
      })
      const { text, reset } = await exchange(origin, post() + behind)
      expect({ answers: readAnswers(text).map(({ status }) => status), reset }).toEqual({ answers: [200, 400], reset: false })
    },
  )

  test('that is longer than it says is two, and the second is none', async () => {
    const { origin } = await serveEndpoint()
    const { text } = await exchange(origin, `${head([`Content-Length: ${metadata.length}`])}${metadata}{"more":1}\r\n\r\n`)
    expect(describeAnswers(text)).toEqual([201, invalid(400)])
  })

  test('that is shorter than it says, and over, is refused', async () => {
    const { origin } = await serveEndpoint()
    const { socket, send, end } = await openConnection(origin)
    send(head(['Content-Length: 1000']) + metadata)
    socket.end()
    const { text } = await end
    expect(describeAnswers(text)).toEqual([invalid(400)])
    expect(await isServed(origin)).toBe(true)
  })

  test('is told where it comes from, and what was asked, whatever host it names', async () => {
    const { origin } = await serve(
      async (request, { address }) =>
        Response.json([request.method, request.url, request.headers.get('x'), await request.text(), address]),
      { origin: 'https://as.example' },
    )
    const bytes = `${head(['X: 1', 'X: 2', 'Content-Length: 2', ...closing], 'PUT /a%2Fb?c=d HTTP/1.1').replace('as.example', 'evil.example')}{}`
    const [answer] = readAnswers((await exchange(origin, bytes)).text)
    expect(JSON.parse(answer?.body ?? '')).toEqual(['PUT', 'https://as.example/a%2Fb?c=d', '1, 2', '{}', '127.0.0.1'])
  })
})

describe('who asks to be told before the body is sent', () => {
  const expecting = (length: number) => head([`Content-Length: ${length}`, 'Expect: 100-continue', ...closing])

  test('is told when somebody wants it', async () => {
    const { origin } = await serveEndpoint()
    const { send, until, end } = await openConnection(origin)
    send(expecting(metadata.length))
    expect(await until('100')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    send(metadata)
    expect((await end).text).toContain('HTTP/1.1 201 Created')
  })

  test('is refused without sending it', async () => {
    const { origin } = await serveEndpoint()
    const { text, reset } = await exchange(origin, expecting(1_000_000_000))
    expect({ answers: describeAnswers(text), reset }).toEqual({ answers: ['413 invalid_client_metadata'], reset: false })
  })
})

describe('a body of a gigabyte', () => {
  const piece = Buffer.alloc(64 * 1024, 0x5b)
  const gigabyte = 2 ** 30

  test.each([
    ['with its length', [`Content-Length: ${gigabyte}`], (chunk: Buffer) => chunk],
    [
      'in chunks',
      ['Transfer-Encoding: chunked'],
      (chunk: Buffer) => Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    ],
  ])('%s is answered with 413 in little memory, to a client that reads only when all is sent', async (_, lines, wrap) => {
    const { origin } = await serveEndpoint()
    const connection = await openConnection(origin)
    const { socket, send, end } = connection
    socket.pause()
    const before = process.memoryUsage()
    let most = 0
    let served = false
    send(head(lines))
    await flood(connection, wrap(piece), gigabyte, async (sent) => {
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers)
      if (!served && sent > gigabyte / 2) served = await isServed(origin)
    })
    expect(served).toBe(true)
    if (lines[0]?.startsWith('Transfer')) send('0\r\n\r\n')
    socket.resume()
    const { text, reset } = await end
    expect({ answers: describeAnswers(text), reset }).toEqual({ answers: ['413 invalid_client_metadata'], reset: false })
    expect(most).toBeLessThan(200 * 1024 * 1024)
  })

  test('is answered before it is there, to a client that listens', async () => {
    const { origin } = await serveEndpoint()
    const endless = Readable.from(
      (function* () {
        for (;;) yield piece
      })(),
    )
    const client = requestHttp(`${origin}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': gigabyte },
    })
    client.on('error', () => undefined)
    endless.pipe(client)
    const [response]: { statusCode?: number }[] = await once(client, 'response')
    expect(response?.statusCode).toBe(413)
    endless.destroy()
    client.destroy()
    expect(await isServed(origin)).toBe(true)
  })

  test('is read no further than the limit', async () => {
    const { origin } = await serveEndpoint({ discardBytes: 1024 * 1024 })
    const connection = await openConnection(origin)
    connection.send(head([`Content-Length: ${gigabyte}`]))
    const sent = await flood(connection, piece, gigabyte)
    await connection.end
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })
})

describe('deep JSON', () => {
  test.each([
    ['arrays', '['.repeat(100_000)],
    ['closed arrays', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['objects', '{"a":'.repeat(20_000)],
  ])('a hundred thousand bytes of %s are refused', async (_, body) => {
    const { origin } = await serveEndpoint()
    const { text } = await exchange(origin, post(body, closing))
    expect(describeAnswers(text)).toEqual(['400 invalid_client_metadata'])
  })
})

describe('slow clients', () => {
  const limits = { headersTimeout: 1, requestTimeout: 2 }

  test.each<[string, string, string]>([
    ['says nothing', '', ''],
    ['sends its header byte by byte', 'POST /reg HTTP/1.1\r\nHost: as.example\r\nX: ', 'a'],
    ['sends its body byte by byte', head(['Content-Length: 1000']), ' '],
    ['sends its body in small chunks', head(['Transfer-Encoding: chunked']), '1\r\n \r\n'],
  ])('who %s is told that it took too long, and others are served meanwhile', async (_, start, more) => {
    const { origin } = await serveEndpoint(limits)
    const slow = await Promise.all(Array.from({ length: 20 }, () => openConnection(origin)))
    for (const { send } of slow) send(start)
    const timer = setInterval(() => {
      for (const { socket, send } of slow) if (more !== '' && socket.writable) send(more)
    }, 100)
    expect(await isServed(origin)).toBe(true)
    const ends = await Promise.all(slow.map(({ end }) => end))
    clearInterval(timer)
    for (const { text } of ends) expect(describeAnswers(text)).toEqual([invalid(408)])
    expect(await isServed(origin)).toBe(true)
  })

  test('who reads nothing of many answers holds up nobody, and goes when it is told to', async () => {
    const { origin } = await serveEndpoint(limits)
    const { socket, send, end } = await openConnection(origin)
    socket.pause()
    for (let at = 0; at < 200; at++) send(post())
    expect(await isServed(origin)).toBe(true)
    socket.resume()
    socket.end()
    expect(describeAnswers((await end).text)).toEqual(Array.from({ length: 200 }, () => 201))
  })
})

/** Answers once nobody waits for it any more. */
const answerLate: RequestHandler = async ({ signal }) => {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  return new Response('late')
}

/** A handler that tells when it has been asked, and whether it has come to its end. */
function watch(respond: RequestHandler) {
  let isOver = false
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const handler: RequestHandler = async (request, info) => {
    begin()
    const response = await respond(request, info)
    isOver = true
    return response
  }
  return { handler, begun, isOver: () => isOver }
}

describe('connections that are reset', () => {
  test.each<[string, string]>([
    ['asks for a tunnel', head([], 'CONNECT as.example:443 HTTP/1.1')],
    ['asks for a tunnel behind a request', post() + head([], 'CONNECT as.example:443 HTTP/1.1')],
    ['speaks something else', 'EHLO as.example\r\n'],
    ['sends half a header', 'POST /reg HTTP/1.1\r\nHost: '],
    ['sends half a body', post().slice(0, -10)],
    ['asks several times', post().repeat(3)],
    ['waits to be told to send', head(['Expect: 100-continue', 'Content-Length: 4'])],
  ])('who %s and is gone harms nobody', async (_, bytes) => {
    const { origin, drain } = await serveEndpoint()
    for (const delay of [0, 1, 5, 20, 80]) {
      const { socket, send } = await openConnection(origin)
      send(bytes)
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
      socket.resetAndDestroy()
    }
    expect(await isServed(origin)).toBe(true)
    expect(await drain('30 seconds')).toBe(0)
  })

  test('who asks for a tunnel and stays is let go', async () => {
    const { origin, server } = await serveEndpoint()
    const { socket, send, until } = await openConnection(origin)
    socket.allowHalfOpen = true
    send(head([], 'CONNECT as.example:443 HTTP/1.1'))
    await until('405')
    await vi.waitFor(() => expect(countOf(server)).resolves.toBe(0), 10_000)
    socket.destroy()
  })

  const tunnelBehind = head([], 'GET / HTTP/1.1') + head([], 'CONNECT as.example:443 HTTP/1.1')

  test('who asks for a tunnel behind a request and goes is missed while it is under way', async () => {
    const { handler, begun, isOver } = watch(answerLate)
    const { origin, server } = await serve(handler)
    const { socket, send } = await openConnection(origin)
    send(tunnelBehind)
    await begun
    socket.destroy()
    await vi.waitFor(() => expect(isOver()).toBe(true), 10_000)
    await vi.waitFor(() => expect(countOf(server)).resolves.toBe(0), 10_000)
  })

  test.each<[string, RequestHandler]>([
    ['is not answered', answerLate],
    ['has an answer that nobody reads', async () => new Response(new Uint8Array(20_000_000))],
  ])('who asks for a tunnel behind a request that %s does not outlast the server', async (_, respond) => {
    const { handler, begun, isOver } = watch(respond)
    const { origin, server, drain } = await serve(handler)
    const { socket, send } = await openConnection(origin)
    socket.pause()
    send(tunnelBehind)
    await begun
    expect(await drain(0.3)).toBe(1)
    await vi.waitFor(() => expect(countOf(server)).resolves.toBe(0), 10_000)
    await vi.waitFor(() => expect(isOver()).toBe(true), 10_000)
    socket.destroy()
  })

  test('who asks for a tunnel and stays does not outlast the server', async () => {
    const { origin, server, drain } = await serveEndpoint()
    const { socket, send, until } = await openConnection(origin)
    socket.allowHalfOpen = true
    send(head([], 'CONNECT as.example:443 HTTP/1.1'))
    await until('405')
    expect(await drain('30 seconds')).toBe(0)
    await vi.waitFor(() => expect(countOf(server)).resolves.toBe(0), 1000)
    socket.destroy()
  })

  test('what was asked on them is over, also what waited for the answer before it', async () => {
    const aborted: string[] = []
    const { origin, drain } = await serve(async (request) => {
      await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()))
      aborted.push(new URL(request.url).pathname)
      return new Response('late')
    })
    const { socket, send } = await openConnection(origin)
    send(['/a', '/b', '/c'].map((path) => head([], `GET ${path} HTTP/1.1`)).join(''))
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.resetAndDestroy()
    await vi.waitFor(() => expect(aborted.toSorted()).toEqual(['/a', '/b', '/c']), 10_000)
    expect(await drain('30 seconds')).toBe(0)
  })

  test.each<[number, number, number]>([
    [200, 200, 200],
    [2000, 256, 0],
  ])('of %i requests at once on one connection %i are under way at most', async (count, expected, answered) => {
    let [underWay, most] = [0, 0]
    const { origin, drain } = await serve(async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      underWay--
      return new Response('done')
    })
    const { text } = await exchange(origin, head([], 'GET / HTTP/1.1').repeat(count - 1) + head(closing, 'GET / HTTP/1.1'))
    expect(readAnswers(text)).toHaveLength(answered)
    expect(most).toBe(expected)
    expect(await drain('30 seconds')).toBe(0)
  })
})

/** How many connections a server has. */
function countOf(server: NodeServer['server']): Promise<number> {
  return new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))))
}

describe('more connections than there may be', () => {
  const half = 'POST /reg HTTP/1.1\r\nHost: as.example\r\nX: '
  /** Opens that many connections that send half a header, one after the other. */
  const occupy = async (origin: string, count: number, localAddress?: string) => {
    const opened: RawConnection[] = []
    for (let n = 0; n < count; n++) {
      const connection = await openConnection(origin, localAddress)
      connection.send(half)
      opened.push(connection)
    }
    return opened
  }
  const isClosed = async ({ end }: RawConnection) =>
    (await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 300, 'open'))])) !== 'open'
  const release = (connections: readonly RawConnection[]) => {
    for (const { socket } of connections) socket.destroy()
  }
  /** A server that tells what it has dropped. */
  const serveFew = async (options: NodeServerOptions) => {
    const dropped: DroppedConnection[] = []
    const served = await serveEndpoint({ ...options, onDrop: (connection) => dropped.push(connection) })
    return { ...served, dropped }
  }

  test.each<[string, NodeServerOptions, DroppedConnection['because']]>([
    ['in all', { maxConnections: 3, maxConnectionsPerAddress: 'unlimited' }, 'server'],
    ['from one address', { maxConnectionsPerAddress: 3 }, 'address'],
  ])('%s: the one that has waited longest makes way, whoever asks is served', async (_, options, because) => {
    const { origin, dropped } = await serveFew(options)
    const idle = await occupy(origin, 4)
    expect(await Promise.all(idle.map(isClosed))).toEqual([true, false, false, false])
    expect(await isServed(origin)).toBe(true)
    expect(await Promise.all(idle.map(isClosed))).toEqual([true, true, false, false])
    expect(dropped).toEqual(Array(2).fill({ address: '127.0.0.1', because }))
    release(idle)
  })

  test('none makes way that a request is under way on; one does that has been answered', async () => {
    const { origin, dropped } = await serveFew({ maxConnections: 2 })
    const [first, second] = [await openConnection(origin), await openConnection(origin)]
    for (const { send } of [first, second]) send(head([`Content-Length: ${metadata.length}`, 'Expect: 100-continue']))
    await Promise.all([first, second].map(({ until }) => until('100 Continue')))
    const third = await openConnection(origin)
    expect(await Promise.all([first, second, third].map(isClosed))).toEqual([false, false, true])
    first.send(metadata)
    await first.until('201 Created')
    expect(await isServed(origin)).toBe(true)
    expect(await Promise.all([first, second].map(isClosed))).toEqual([true, false])
    second.send(metadata)
    await second.until('201 Created')
    expect(dropped).toHaveLength(2)
    release([second])
  })

  // Other systems have one address on the loopback interface.
  test.skipIf(process.platform !== 'linux')('from one address keep no other out', async () => {
    const { origin, dropped } = await serveFew({ maxConnectionsPerAddress: 2, maxConnections: 4 })
    const other = await occupy(origin, 2, '127.0.0.3')
    const many = await occupy(origin, 10, '127.0.0.2')
    expect(await Promise.all(other.map(isClosed))).toEqual([false, false])
    expect(dropped).toEqual(Array(8).fill({ address: '127.0.0.2', because: 'address' }))
    expect(await isServed(origin)).toBe(true)
    release([...other, ...many])
  })

  test.each<[string, NodeServerOptions]>([
    ['whose addresses are known', { proxies: { trustedProxies: ['127.0.0.0/8'] } }],
    ['that are counted', { proxies: { hops: 1 } }],
  ])('from proxies %s are none', async (_, options) => {
    const { origin, dropped } = await serveFew({ ...options, maxConnectionsPerAddress: 2 })
    const connections = await occupy(origin, 5)
    expect(await Promise.all(connections.map(isClosed))).toEqual(Array(5).fill(false))
    expect(dropped).toEqual([])
    release(connections)
  })

  test('are closed although whoever is told of it fails', async () => {
    const onDrop = () => {
      throw new Error('the log is full')
    }
    const { origin } = await serveEndpoint({ maxConnections: 1, onDrop })
    const idle = await occupy(origin, 3)
    expect(await Promise.all(idle.map(isClosed))).toEqual([true, true, false])
    expect(await isServed(origin)).toBe(true)
  })

  test('by default are 257 from one address', async () => {
    const { origin, dropped } = await serveFew({})
    const connections = await occupy(origin, 256)
    expect(dropped).toEqual([])
    expect(await isServed(origin)).toBe(true)
    expect(dropped).toEqual([{ address: '127.0.0.1', because: 'address' }])
    release(connections)
  })
})
