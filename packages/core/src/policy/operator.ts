/**
 * What an operator makes of a parameter: its next value (`undefined` is absence), a rule it breaks, or a JSON type the operator
 * does not support, after which no further operator can say anything.
 */
export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly message: string; readonly position?: number }
  | { readonly kind: 'unsupported'; readonly message: string }

/** One operator with its operand, ready for any number of values. */
export type Step = (value: unknown) => Outcome

/** One operator with an operand it accepts. */
export interface BoundOperator {
  readonly operand: unknown
  /** Does once what every application needs. */
  prepare(): Step
  /** The operand that is as strict as this one and the subordinate's together, or nothing where there is none. */
  mergeWith(subordinate: unknown): unknown
}

export interface Operator {
  /** What an operand has to be. */
  readonly operands: string
  /** Nothing if the operand has a JSON type that the operator does not support. */
  bind(operand: unknown): BoundOperator | undefined
}

interface Definition<Operand, Value> {
  readonly operands: string
  readonly isOperand: (operand: unknown) => operand is Operand
  /** What a parameter has to be where it is present. */
  readonly values: string
  readonly isValue: (value: unknown) => value is Value
  readonly prepare: (operand: Operand) => (value: Value | undefined) => Outcome
  readonly merge: (superior: Operand, subordinate: Operand) => Operand | undefined
}

/** Lets operators of different types stand in one table: types are checked where operands and values come in. */
export function defineOperator<Operand, Value>(definition: Definition<Operand, Value>): Operator {
  const { operands, isOperand, values, isValue, merge } = definition
  return {
    operands,
    bind(operand) {
      if (!isOperand(operand)) return undefined
      return {
        operand,
        prepare() {
          const step = definition.prepare(operand)
          return (value) => (value === undefined || isValue(value) ? step(value) : unsupported(`is not ${values}`))
        },
        mergeWith: (subordinate) => (isOperand(subordinate) ? merge(operand, subordinate) : undefined),
      }
    },
  }
}

export function unsupported(message: string): Outcome {
  return { kind: 'unsupported', message }
}

export function broken(message: string, position?: number): Outcome {
  return { kind: 'broken', message, ...(position === undefined ? {} : { position }) }
}

export function next(value: unknown): Outcome {
  return { kind: 'value', value }
}
