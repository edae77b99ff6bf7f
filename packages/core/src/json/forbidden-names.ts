const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Whether a member name reaches the prototype of an object when something downstream assigns it carelessly (CWE-1321). */
export function isForbiddenName(name: string): boolean {
  return forbiddenNames.has(name)
}
