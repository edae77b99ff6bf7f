#!/usr/bin/env node
import { endProcess, main } from '../dist/index.js'

await endProcess(await main(process.argv.slice(2)))
