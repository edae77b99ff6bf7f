/**
 * A metadata policy for one kind of entity: for each metadata member its operators, for each operator its operand
 * (the second and third level of OpenID Federation 1.0, 6.1.2). A member name with a language tag stands for that tagged name only.
 */
export type MetadataPolicy = { readonly [member: string]: { readonly [operator: string]: unknown } }

/** What both merging and compiling a policy may be told. */
export interface MetadataPolicyOptions {
  /**
   * `metadata_policy_crit`: names of operators that have to be understood, whether the policy uses them or not. Operators that are
   * not understood are ignored unless they are named here.
   */
  readonly crit?: readonly string[]
}
