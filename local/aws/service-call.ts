import type { Ask, Where } from "../iam/access";
import type { Caller } from "../iam/principals";

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
}

/** The API of one AWS service. */
export interface ServiceApi {
  /** Returns what a call asks of policies. */
  asks(call: UndecidedCall, where: Where): readonly Ask[];
  /** Returns the answer's JSON, or XML as text. @throws {AwsError} */
  answer(call: ServiceCall): object | string;
}

/** A call of which it is not known yet whether it may be answered. */
export type UndecidedCall = Omit<ServiceCall, "caller">;
