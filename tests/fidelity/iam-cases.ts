import type { ContextValue } from "../../local/iam/request-context";
import { readCaseFiles } from "./case-files";
import type { Grade } from "./cases";
import type { JsonValue } from "./match";

/** One thing that AWS decides about a request, with its source. */
export interface IamCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  readonly given?: IamGiven;
  readonly request: IamRequest;
  /** What is observed, in part: see `observeIam`. */
  readonly expected: JsonValue;
  /** Why the local platform does something else; docs/local.md names the case. */
  readonly deviation?: string;
}

export type PolicyDocument = Readonly<Record<string, JsonValue>>;

/** The policies that a request meets. */
export interface IamGiven {
  /** Those of the user or the role. */
  readonly identity?: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  /** That of the resource, the key or the role to be assumed. */
  readonly resource?: PolicyDocument;
  readonly session?: PolicyDocument;
  /** That of the VPC endpoint. */
  readonly endpoint?: PolicyDocument;
}

export interface IamRequest {
  readonly principal: IamPrincipal;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** Who asks. `authorized` is a caller of API Gateway that an authorizer let in: it has no identity in IAM. */
export interface IamPrincipal {
  readonly type: "user" | "session" | "federated" | "root" | "service" | "web-identity" | "anonymous" | "authorized";
  readonly arn?: string;
  /** ARN of a session's role. */
  readonly role?: string;
  readonly account?: string;
  readonly service?: string;
  readonly provider?: string;
}

/** Reads every case of IAM by area. */
export function readIamCases(): ReadonlyMap<string, readonly IamCase[]> {
  return readCaseFiles<IamCase>("iam-cases");
}
