export { endProcess } from './end-process.js'
export type { Io } from './io.js'
export { main } from './main.js'
