import type { Draft, World } from "./helpers";

/** A small program, and what one rule must find in it. */
export interface Fixture {
  /** Completes "<rule> ...": `accepts a GENEVE listener`, `finds an instance in one zone`. */
  readonly title: string;
  readonly rule: string;
  readonly draft: Draft;
  /** @default "prod" */
  readonly stack?: string;
  readonly config?: World["config"];
  /** What the rule says, without its fix. Empty for what it must accept. */
  readonly finds: readonly { readonly on: string; readonly says: string }[];
}
