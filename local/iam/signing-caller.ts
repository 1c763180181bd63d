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
  /** VPC endpoints that calls of AWS services come through, by the service's name in signatures. @default none */
  readonly endpoints?: ReadonlyMap<string, CallEndpoint>;
}

/** A VPC endpoint as calls of AWS services see it. */
export interface CallEndpoint {
  readonly id: string;
  /** Region of the AWS service that it leads to; calls of another region go around it. */
  readonly region: string;
  /** @default everything may pass */
  readonly policy?: Policy;
}

/** Returns who has an access key; undefined for one that does not exist. */
export type CallersByKey = (accessKeyId: string) => SigningCaller | undefined;
