import type { Ask, Where } from "../iam/access";
import type { Caller } from "../iam/principals";
import type { AwsError } from "./aws-error";

/** One call of an AWS API, as the endpoint has read it. */
export interface ServiceCall {
  /** Region that the call is signed for. */
  readonly region: string;
  readonly method: string;
  /** Segments of the path, decoded. @example ["apikeys", "a1b2c3"] */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Operation of the header `x-amz-target`, or of a form's `Action`. @example "GetSecretValue" */
  readonly operation: string;
  readonly caller: Caller;
  /** The JSON object of the body; empty without one. */
  readonly body: Readonly<Record<string, any>>;
  /** Parameters of a call in the query protocol, from its body or its URL; undefined in another protocol. */
  readonly form?: URLSearchParams | undefined;
  /** Aborts when the caller is gone. */
  readonly gone?: AbortSignal | undefined;
}

/** The API of one AWS service. */
export interface ServiceApi {
  /** Operations that it has. @default those that the code of the project uses */
  readonly operations?: ReadonlySet<string>;
  /** Returns what a call asks of policies. @throws {AwsError} for a call that names nothing */
  asks(call: UndecidedCall, where: Where): readonly Ask[];
  /** Returns the answer's JSON, or XML as text. @throws {AwsError} */
  answer(call: ServiceCall): object | string | Promise<object | string>;
  /** Answers what needs no signature, such as a link that a person follows; undefined for anything else. @throws {AwsError} */
  open?(request: Pick<ServiceCall, "path" | "query">): Promise<string | undefined>;
  /** Tells whether an operation needs no signature, as what it may do depends on what the call shows. @default none */
  isOpen?(operation: string): boolean;
  /** Returns the error for a call that policies do not allow. @default AccessDeniedException */
  denied?(message: string): AwsError;
}

/** A call of which it is not known yet whether it may be answered. */
export type UndecidedCall = Omit<ServiceCall, "caller">;
