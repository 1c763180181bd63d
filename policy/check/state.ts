/**
 * A resource of a stack, with values in the form in which the engine sends them: unknowns and secrets are the engine's
 * signatures.
 */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Whether a provider manages it; a component has no state but its children's. @default true */
  readonly custom?: boolean;
  readonly parent?: string;
  /** True when the program only reads the resource, as with `Bucket.get`. */
  readonly external?: boolean;
  readonly inputs: Readonly<Record<string, any>>;
  readonly outputs: Readonly<Record<string, any>>;
  /** URN of the provider. */
  readonly provider?: string;
  /** URNs of all resources that this one depends on. */
  readonly dependencies: readonly string[];
  /** URNs of the resources that an input depends on, by input. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}
