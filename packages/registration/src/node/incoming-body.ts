import type { IncomingMessage } from 'node:http'

/** The body of a request as it comes. */
export interface IncomingBody {
  readonly stream: ReadableStream<Uint8Array>
  /** Whether anybody has begun to read. */
  readonly isWanted: () => boolean
  /** Ends the stream: what still comes of the body is not for whoever has it. */
  readonly abandon: () => void
}

/**
 * Reads a body as a stream, no faster than it is read. One that is cancelled is left where it is: the connection still has to carry the
 * answer, which `Readable.toWeb` would close.
 *
 * @param onFirstRead is called before the first byte is asked for
 */
export function readIncomingBody(incoming: IncomingMessage, onFirstRead: () => void): IncomingBody {
  let wanted = false
  let isOver = false
  let abandon: () => void = () => undefined
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (finish: () => void) => {
          if (isOver) return
          isOver = true
          finish()
        }
        // A stream that nobody reads would hold up what comes.
        abandon = () => end(() => controller.error(new Error('the request has been answered already')))
        incoming.on('data', (chunk: Buffer) => {
          if (isOver) return
          controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
        })
        incoming.once('end', () => end(() => controller.close()))
        incoming.once('close', () => end(() => controller.error(new Error('the connection ended before the body was complete'))))
        incoming.pause()
      },
      pull() {
        if (!wanted) onFirstRead()
        wanted = true
        incoming.resume()
      },
      cancel() {
        isOver = true
        incoming.pause()
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, isWanted: () => wanted, abandon: () => abandon() }
}

/** How much of a body that nobody wants is read and thrown away, so that whoever sends it lives to read the answer. */
export interface DiscardLimits {
  readonly bytes: number
  /** Milliseconds for all of it. */
  readonly time: number
  /** Milliseconds between two pieces of it. */
  readonly pause: number
}

/** Throws away what still comes of a request. Resolves when all has come, nothing comes any more or a limit is reached. */
export function discardRest(incoming: IncomingMessage, { bytes, time, pause }: DiscardLimits): Promise<void> {
  return new Promise((resolve) => {
    let left = bytes
    const over = () => {
      clearTimeout(longest)
      clearTimeout(idle)
      incoming.off('data', count)
      incoming.pause()
      resolve()
    }
    const longest = setTimeout(over, time)
    let idle = setTimeout(over, pause)
    const count = ({ length }: Buffer) => {
      left -= length
      clearTimeout(idle)
      if (left < 0) over()
      else idle = setTimeout(over, pause)
    }
    incoming.on('data', count)
    incoming.once('end', over)
    incoming.once('close', over)
    if (incoming.readableEnded || incoming.destroyed) over()
    else incoming.resume()
  })
}
