import type { Asker } from "./ask";
import type { MarkedItems } from "./marked-items";
import type { TokenSource } from "./target";

/** One fact that must be true of a running environment. */
export interface Check {
  /** `open/global/food-store/get-food`: stable, for pipelines. */
  readonly id: string;
  /** What is expected, as a sentence. */
  readonly expected: string;
  /** Returns what was got instead, or nothing when the fact is true. @throws {NotRun | NotApplicable} */
  run(session: Session): Promise<string | undefined>;
}

/** What checks share during one run. */
export interface Session {
  readonly ask: Asker["ask"];
  readonly token: TokenSource;
  readonly items: MarkedItems;
  /** Ends the run when it aborts. */
  readonly signal: AbortSignal;
}

/** A check could not be run; the environment is not proven then, unless the user asked for leaving it out. */
export class NotRun extends Error {
  override readonly name = "NotRun";
  constructor(
    reason: string,
    /** Left out by an option of the command. */
    readonly asked = false,
  ) {
    super(reason);
  }
}

/** A check has no meaning for this environment, such as TLS on loopback. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}
