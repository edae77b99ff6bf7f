import { randomUUID } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import type { PreparedFile } from './io.js'

/** A file that takes the place of its name in one step; the name is taken from the beginning unless it may be replaced. */
export async function prepareFile(path: string, mode: number, replace: boolean): Promise<PreparedFile> {
  if (!replace) await (await open(path, 'wx', mode)).close()
  const draft = `${path}.${randomUUID()}.tmp`
  const file = await open(draft, 'wx', mode).catch(async (error: unknown) => {
    if (!replace) await unlink(path)
    throw error
  })
  const discard = async () => {
    await file.close()
    await unlink(draft)
    if (!replace) await unlink(path)
  }
  return {
    async write(text) {
      await file.writeFile(text)
      await file.sync()
      await file.close()
      await rename(draft, path)
    },
    discard,
  }
}
