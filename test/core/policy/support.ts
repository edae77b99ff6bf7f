/** Array items in a form that does not depend on the order of object members. */
function itemText(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** JSON in which every array is the set of its items: for comparing where order has no meaning. */
export function asSets(value: unknown): unknown {
  if (Array.isArray(value)) return new Set(value.map(itemText))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asSets(inner)]))
}
