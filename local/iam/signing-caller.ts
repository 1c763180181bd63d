import type { Policy } from "./policy";
import type { Caller } from "./principals";
import type { Credentials } from "./sigv4/signature-verifier";

/** Who signs requests with credentials, and the policies that come with them. */
export interface SigningCaller extends Credentials {
  readonly caller: Caller;
  /** Those of the user, or of the role. */
  readonly identity: readonly Policy[];
  /** @default no boundary */
  readonly boundary?: Policy;
}

/** Returns who has an access key; undefined for one that does not exist. */
export type CallersByKey = (accessKeyId: string) => SigningCaller | undefined;
