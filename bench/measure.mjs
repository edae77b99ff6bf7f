/** How often a function runs to its end in a second, with so many runs under way at a time. */
export async function measureRate(run, seconds, underWay = 1) {
  const start = performance.now()
  const end = start + seconds * 1000
  let runs = 0
  const repeat = async () => {
    // The clock is read once for several runs: it takes as long as the shortest of them.
    while (performance.now() < end) {
      for (let i = 0; i < 8; i += 1) await run()
      runs += 8
    }
  }
  await Promise.all(Array.from({ length: underWay }, repeat))
  return (runs * 1000) / (performance.now() - start)
}

export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
