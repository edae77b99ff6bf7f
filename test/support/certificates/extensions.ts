import * as der from './der.js'

/** An extension as it is written into a certificate. */
export interface ExtensionPart {
  readonly identifier: string
  readonly critical: boolean
  readonly value: der.Der
}

const extension =
  <Arguments extends readonly unknown[]>(
    identifier: string,
    criticalByDefault: boolean,
    write: (...given: Arguments) => der.Der,
  ) =>
  (...given: Arguments): ExtensionPart => ({ identifier, critical: criticalByDefault, value: write(...given) })

/** The same extension, critical or not. */
export const critical = (part: ExtensionPart): ExtensionPart => ({ ...part, critical: true })
export const notCritical = (part: ExtensionPart): ExtensionPart => ({ ...part, critical: false })

/** An extension of any kind. */
export const unknownExtension = extension('1.3.6.1.4.1.99999.1', false, () => der.none)
export const rawExtension = (identifier: string, value: der.Der): ExtensionPart => ({ identifier, critical: false, value })

const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

export const keyUsage = extension('2.5.29.15', true, (...usages: readonly string[]) => {
  const bits = keyUsageBits.map((name) => (usages.includes(name) ? 1 : 0))
  const bytes = [0, 8].map((start) => bits.slice(start, start + 8).reduce<number>((byte, bit, at) => byte | (bit << (7 - at)), 0))
  const used = bytes[1] === 0 ? bytes.slice(0, 1) : bytes
  const last = used.at(-1) ?? 0
  return der.bitString(Uint8Array.from(used), last === 0 ? 0 : 31 - Math.clz32(last & -last))
})

export const basicConstraints = extension(
  '2.5.29.19',
  true,
  ({ ca, pathLength }: { ca: boolean; pathLength?: number | undefined }) =>
    der.sequence(...(ca ? [der.boolean(true)] : []), ...(pathLength === undefined ? [] : [der.integer(pathLength)])),
)

export const subjectKeyIdentifier = extension('2.5.29.14', false, (identifier: Uint8Array) => der.octetString(identifier))

export const authorityKeyIdentifier = extension('2.5.29.35', false, (identifier: Uint8Array) =>
  der.sequence(der.implicit(0, identifier)),
)

export const extKeyUsage = extension('2.5.29.37', false, (...purposes: readonly string[]) =>
  der.sequence(...purposes.map(der.objectIdentifier)),
)

export const certificatePolicies = extension('2.5.29.32', false, (...policies: readonly string[]) =>
  der.sequence(...policies.map((policy) => der.sequence(der.objectIdentifier(policy)))),
)

export const policyMappings = extension('2.5.29.33', true, (...pairs: readonly (readonly [issuer: string, subject: string])[]) =>
  der.sequence(...pairs.map((pair) => der.sequence(...pair.map(der.objectIdentifier)))),
)

export const policyConstraints = extension(
  '2.5.29.36',
  true,
  ({ requireExplicitPolicy, inhibitPolicyMapping }: { requireExplicitPolicy?: number; inhibitPolicyMapping?: number }) =>
    der.sequence(
      ...(requireExplicitPolicy === undefined ? [] : [der.implicit(0, der.integerBytes(requireExplicitPolicy))]),
      ...(inhibitPolicyMapping === undefined ? [] : [der.implicit(1, der.integerBytes(inhibitPolicyMapping))]),
    ),
)

export const inhibitAnyPolicy = extension('2.5.29.54', true, (skip: number) => der.integer(skip))

/** Names of a certificate by their forms; `directory` holds a name in DER. */
export const dns = (name: string) => der.implicit(2, der.text(name))
export const email = (name: string) => der.implicit(1, der.text(name))
export const uri = (name: string) => der.implicit(6, der.text(name))
export const ip = (...bytes: readonly number[]) => der.implicit(7, Uint8Array.from(bytes))
export const directory = (name: der.Der) => der.explicit(4, name)
export const otherName = (identifier: string, value: string) =>
  der.explicit(0, der.objectIdentifier(identifier), der.explicit(0, der.utf8String(value)))
export const registeredId = (identifier: string) => der.implicit(8, der.objectIdentifier(identifier).subarray(2))

export const subjectAltName = extension('2.5.29.17', false, (...names: readonly der.Der[]) => der.sequence(...names))

interface Subtrees {
  readonly permitted?: readonly der.Der[]
  readonly excluded?: readonly der.Der[]
}

export const nameConstraints = extension('2.5.29.30', true, ({ permitted, excluded }: Subtrees) =>
  der.sequence(
    ...(permitted === undefined ? [] : [der.explicit(0, ...permitted.map((base) => der.sequence(base)))]),
    ...(excluded === undefined ? [] : [der.explicit(1, ...excluded.map((base) => der.sequence(base)))]),
  ),
)
