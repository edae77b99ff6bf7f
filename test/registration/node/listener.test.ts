import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import {
  createNodeListener,
  createNodeServer,
  type NodeServerOptions,
  type RequestHandler,
} from '@software-statement/registration/node'
import { afterEach, describe, expect, test } from 'vitest'
import { flood, openConnection, readAnswers } from '../../support/raw-http.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A listener on a plain server of Node, as frameworks have one. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

async function serve(handler: RequestHandler, options: NodeServerOptions = {}) {
  const made = createNodeServer(handler, options)
  closers.push(() => made.drain(0))
  made.server.listen(0, '127.0.0.1')
  await once(made.server, 'listening')
  const address = made.server.address()
  return { ...made, origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}` }
}

const nothing: RequestHandler = async () => new Response(null, { status: 204 })

/** Resolves by somebody else. */
function makeGate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe('a listener', () => {
  test('answers on a server of Node', async () => {
    const origin = await listen(
      createNodeListener(async (request) => Response.json({ said: await request.json() }, { status: 201 })),
    )
    const response = await fetch(origin, { method: 'POST', body: '{"a":1}' })
    expect([response.status, await response.json()]).toEqual([201, { said: { a: 1 } }])
  })

  test('sees the whole path where a framework has taken a part away', async () => {
    const listener = createNodeListener(async (request) => new Response(new URL(request.url).pathname))
    const origin = await listen((incoming, outgoing) => {
      const whole = incoming.url
      incoming.url = '/'
      listener(Object.assign(incoming, { originalUrl: whole }), outgoing)
    })
    expect(await (await fetch(`${origin}/oauth/reg`)).text()).toBe('/oauth/reg')
  })

  test('does not take a body that somebody else has read for an empty one', async () => {
    const faults: unknown[] = []
    const listener = createNodeListener(nothing, { onError: (fault) => faults.push(fault) })
    const readFirst = async (incoming: IncomingMessage) => {
      for await (const _ of incoming);
    }
    const origin = await listen((incoming, outgoing) => void readFirst(incoming).then(() => listener(incoming, outgoing)))
    const response = await fetch(origin, { method: 'POST', body: '{}' })
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ error: 'server_error' })])
    expect(faults).toEqual([expect.any(TypeError)])
  })

  test.each<[string, RequestHandler]>([
    ['rejects', async () => Promise.reject(new Error('private'))],
    [
      'throws',
      () => {
        throw new Error('private')
      },
    ],
    [
      'answers with what has been read',
      async () => {
        const response = new Response('x')
        await response.text()
        return response
      },
    ],
  ])('whose handler %s tells who listens, the client nothing, and goes on', async (_, broken) => {
    const faults: unknown[] = []
    let isBroken = true
    const { origin } = await serve((...given) => (isBroken ? broken(...given) : nothing(...given)), {
      onError: (fault) => {
        faults.push(fault)
        throw new Error('nobody hears this')
      },
    })
    const answer = await fetch(origin).then(
      (response) => response.text(),
      () => 'none',
    )
    expect(answer).not.toContain('private')
    expect(faults).toHaveLength(1)
    isBroken = false
    expect((await fetch(origin)).status).toBe(204)
  })

  test('aborts a request whose client goes away, and its body ends with an error', async () => {
    const aborted = makeGate()
    const ended = makeGate()
    const begun = makeGate()
    const { origin } = await serve(async (request) => {
      request.signal.addEventListener('abort', aborted.open)
      begun.open()
      await request.text().catch(ended.open)
      return new Response()
    })
    const { socket, send } = await openConnection(origin)
    send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    await begun.opened
    socket.destroy()
    await Promise.all([aborted.opened, ended.opened])
  })

  test('reads no faster than the handler', async () => {
    const gate = makeGate()
    const { origin } = await serve(async (request) => {
      const reader = request.body?.getReader()
      await reader?.read()
      await gate.opened
      await reader?.cancel()
      return new Response()
    })
    const connection = await openConnection(origin)
    connection.send('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000000000\r\n\r\n')
    const piece = Buffer.alloc(64 * 1024)
    let sent = 0
    const flooded = flood(connection, piece, 1_000_000_000, async (bytes) => {
      sent = bytes
    })
    for (let before = -1; before < sent; await new Promise((resolve) => setTimeout(resolve, 200))) before = sent
    // What the kernel and two streams hold, and no more.
    expect(sent).toBeLessThan(32 * 1024 * 1024)
    gate.open()
    await flooded
    const { text } = await connection.end
    expect(readAnswers(text).map(({ status }) => status)).toEqual([200])
  })

  test('keeps a connection for the next request, unless the first has been answered early', async () => {
    const { origin } = await serve(
      async (request) => new Response(new URL(request.url).pathname === '/read' ? await request.text() : 'early'),
    )
    const { send, until, end } = await openConnection(origin)
    const post = (path: string, body: string, length = body.length) =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`
    send(post('/read', 'one'))
    expect(await until('one')).toContain('Connection: keep-alive')
    send(post('/unread', 'two', 1000))
    expect((await end).text.split('HTTP/1.1')[2]).toContain('Connection: close')
  })

  test('sends every header, cookies one by one', async () => {
    const { origin } = await serve(async () => {
      const headers = new Headers([
        ['Set-Cookie', 'a=b'],
        ['Set-Cookie', 'c=d'],
        ['X', 'y'],
      ])
      return new Response('x', { headers })
    })
    const { headers } = await fetch(origin)
    expect([headers.getSetCookie(), headers.get('x'), headers.get('content-length')]).toEqual([['a=b', 'c=d'], 'y', '1'])
  })
})

describe('a server that is drained', () => {
  test('answers what has been asked, and nothing more', async () => {
    const gate = makeGate()
    const begun = makeGate()
    const { origin, drain } = await serve(async () => {
      begun.open()
      await gate.opened
      return new Response('answered')
    })
    const idle = await openConnection(origin)
    const answer = fetch(origin)
    await begun.opened
    const drained = drain('10 seconds')
    await expect(fetch(origin)).rejects.toThrow()
    gate.open()
    const response = await answer
    expect([await response.text(), response.headers.get('connection')]).toEqual(['answered', 'close'])
    expect(await drained).toBe(0)
    expect((await idle.end).text).toBe('')
  })

  test('breaks off what takes longer than the limit, and says how many', async () => {
    const begun = makeGate()
    const { origin, drain } = await serve(async () => {
      begun.open()
      return new Promise<never>(() => undefined)
    })
    const answer = fetch(origin)
    await begun.opened
    const drained = drain(0.05)
    await expect(answer).rejects.toThrow()
    expect(await drained).toBe(1)
  })

  test('need not have listened', async () => {
    expect(await createNodeServer(nothing).drain(1)).toBe(0)
  })
})

describe('misuse', () => {
  test.each<[string, unknown]>([
    ['frobnicate', { frobnicate: 1 }],
    ['origin', { origin: 'as.example' }],
    ['origin', { origin: 'https://as.example/path' }],
    ['discardBytes', { discardBytes: -1 }],
    ['discardTime', { discardTime: '2 hours' }],
    ['onError', { onError: 'log' }],
    ['headersTimeout', { headersTimeout: 0 }],
    ['headersTimeout', { headersTimeout: 20, requestTimeout: 10 }],
    ['requestTimeout', { requestTimeout: '2 hours' }],
    ['keepAliveTimeout', { keepAliveTimeout: 0 }],
    ['maxHeaderSize', { maxHeaderSize: 1.5 }],
    ['maxConnections', { maxConnections: 0 }],
    ['maxConnectionsPerAddress', { maxConnectionsPerAddress: 'many' }],
    ['trustedProxies', { proxies: { trustedProxies: ['everybody'] } }],
    ['onDrop', { onDrop: 'log' }],
    ['duration', { requestTimeout: 'soon' }],
  ])('of %s is a TypeError that names it: %j', (name, options) => {
    expect(() => createNodeServer(nothing, options as NodeServerOptions)).toThrow(new RegExp(name)) // what the types refuse
    expect(() => createNodeServer(nothing, options as NodeServerOptions)).toThrow(TypeError)
  })

  test('of the handler as well', () => {
    expect(() => createNodeListener('handler' as unknown as RequestHandler)).toThrow(TypeError)
    for (const options of [null, []] as unknown as NodeServerOptions[])
      expect(() => createNodeServer(nothing, options)).toThrow('options must be an object')
  })
})
