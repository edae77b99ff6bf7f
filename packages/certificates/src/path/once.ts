/** The same function, which works each thing out once: what it made of it, or threw, it returns or throws every time it is asked again. */
export function once<Given, Made>(make: (given: Given) => Made): (given: Given) => Made {
  const outcomes = new Map<Given, () => Made>()
  const outcomeOf = (given: Given): (() => Made) => {
    try {
      const made = make(given)
      return () => made
    } catch (error) {
      return () => {
        throw error
      }
    }
  }
  return (given) => {
    const outcome = outcomes.get(given) ?? outcomeOf(given)
    outcomes.set(given, outcome)
    return outcome()
  }
}
