import type { GatewayResponseType } from "../../local/apigateway/rest/gateway-responses";
import type { PlannedRegion, PlannedRest } from "../local/apigateway/rest/helpers/planned";
import { readCaseFiles } from "./case-files";
import type { CaseRequest, Grade } from "./cases";
import type { JsonValue } from "./match";

/** One thing that REST APIs do, with its source. */
export interface RestCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  readonly given?: RestGiven;
  /** A list is sent one after the other. */
  readonly request?: RestRequest | readonly RestRequest[];
  /** What is observed, in part: see `observeRest`. */
  readonly expected: JsonValue;
  /** Why the local platform does something else; docs/local.md names the case. */
  readonly deviation?: string;
}

/** A request, signed by the caller where it says so. */
export interface RestRequest extends CaseRequest {
  readonly signedWith?: "its key" | "a key that does not exist" | "a wrong secret";
  /** The VPC endpoint that the request comes through, and the name that it is for. Default: an address of loopback. */
  readonly through?: { readonly endpoint: string; readonly by: Addressing };
}

/** By which name a private API is called. */
type Addressing = "the endpoint's name" | "the API's name" | "the name of both" | "the domain";

/** What is planned before the requests, and what is behind the gateway. */
export interface RestGiven extends Partial<PlannedRest> {
  /** Several APIs, instead of one; by name. */
  readonly apis?: PlannedRegion["apis"];
  readonly domain?: PlannedRegion["domain"];
  readonly endpoints?: PlannedRegion["endpoints"];
  /** What functions do. Default: the function echoes nothing, and answers 200. */
  readonly function?: Behavior;
  /** What the authorizer does; `(method)` in an ARN stands for the method that is called. */
  readonly authorizerFunction?: Behavior;
  readonly backend?: { readonly status?: number; readonly headers?: readonly string[]; readonly body?: string };
  /** The backend answers no TLS, and the API asks for it. */
  readonly backendWithoutTls?: boolean;
  /** AWS services that the backend stands for. */
  readonly services?: readonly string[];
  /** Asks only for the status that this type of gateway response has. */
  readonly gatewayResponseType?: GatewayResponseType;
  /** A role that signs requests: whether its own policy allows all of the API, and its account. Default: that of the API. */
  readonly caller?: { readonly allowed: boolean; readonly account?: string };
  /** Name of a queue that the API's role may use. */
  readonly queue?: string;
  /** Ids of items in the table `items` of a store that stands for DynamoDB. */
  readonly items?: readonly string[];
}

/** What a function does with an event: answer, or fail with an error. */
export type Behavior =
  | { readonly answers: JsonValue }
  /** The runtime of a function adds further fields. */
  | {
      readonly fails: string;
      readonly errorType?: string;
      readonly requestId?: string;
      readonly stackTrace?: JsonValue;
    }
  | { readonly takesMilliseconds: number };

interface CaseFile {
  readonly area: string;
  readonly given?: RestGiven;
  readonly cases: readonly RestCase[];
}

/** Reads every case of REST APIs by area. What a file gives for all of its cases is in each of them. */
export function readRestCases(): ReadonlyMap<string, readonly RestCase[]> {
  return readCaseFiles<RestCase, CaseFile>("rest-cases", (each, { given }) => ({
    ...each,
    given: { ...given, ...each.given },
  }));
}
