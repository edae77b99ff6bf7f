import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** A connection that sends whatever bytes it is told to. */
export interface RawConnection {
  readonly socket: Socket
  send(text: string | Uint8Array): void
  /** Resolves with all that has come when the other side ends the connection; `reset` if it does so the hard way. */
  readonly end: Promise<{ readonly text: string; readonly reset: boolean }>
  /** Resolves when what has come so far contains a text. */
  until(text: string): Promise<string>
}

/** @param localAddress where the connection comes from, if that matters */
export async function openConnection(origin: string, localAddress?: string): Promise<RawConnection> {
  const { hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), ...(localAddress === undefined ? {} : { localAddress }) })
  await once(socket, 'connect')
  let text = ''
  let reset = false
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => {
    reset = true
  })
  const end = new Promise<{ text: string; reset: boolean }>((resolve) => socket.once('close', () => resolve({ text, reset })))
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    end,
    async until(wanted) {
      while (!text.includes(wanted)) {
        if (socket.destroyed) throw new Error(`the connection ended with ${JSON.stringify(text)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return text
    },
  }
}

/** Sends bytes and gives all that comes until the connection ends. */
export async function exchange(
  origin: string,
  text: string | Uint8Array,
): Promise<{ readonly text: string; readonly reset: boolean }> {
  const connection = await openConnection(origin)
  connection.send(text)
  return connection.end
}

/** Sends a piece again and again, as fast as it is taken, until that many bytes have gone or the connection is over. Answers how many. */
export async function flood(
  { socket }: RawConnection,
  piece: Uint8Array,
  bytes: number,
  look?: (sent: number) => Promise<void>,
): Promise<number> {
  let sent = 0
  while (sent < bytes && socket.writable) {
    sent += piece.length
    if (!socket.write(piece)) await drained(socket)
    await look?.(sent)
  }
  return sent
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      socket.off('drain', over).off('close', over)
      resolve()
    }
    socket.on('drain', over).on('close', over)
    if (socket.destroyed) over()
  })
}

/** Takes apart the answers on a connection, each with a length, but for those without a body. */
export function readAnswers(text: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let rest = text; rest !== ''; ) {
    const [head = ''] = rest.split('\r\n\r\n', 1)
    const [first = '', ...lines] = head.split('\r\n')
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const length = Number(headers.get('content-length') ?? 0)
    const body = rest.slice(head.length + 4, head.length + 4 + length)
    answers.push({ status: Number(first.split(' ')[1]), headers, body })
    rest = rest.slice(head.length + 4 + length)
  }
  return answers
}
