import type { PlannedApi } from "../local/apigateway/http/helpers/planned";
import { readCaseFiles } from "./case-files";
import type { JsonValue } from "./match";
import type { TokenSpec } from "./tokens";

/** How a case is known: recorded from AWS, documented by it, asserted by another project's tests, or observed by users. */
export type Grade = "recorded" | "documented" | "third-party" | "observed";

/** One thing that AWS does, with its source. */
export interface FidelityCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  readonly given?: Given;
  readonly request?: CaseRequest;
  /** What is observed, in part: see `observe`. */
  readonly expected: JsonValue;
  /** Why the local platform does something else; docs/local.md names the case. */
  readonly deviation?: string;
}

/** What is planned before the request, and what is behind the gateway. */
export interface Given extends Omit<PlannedApi, "routes"> {
  /** `to: "(backend)/path"` is a URL of the recording backend. */
  readonly routes?: PlannedApi["routes"];
  /** What the function returns. */
  readonly function?: JsonValue;
  readonly backend?: { readonly status: number; readonly headers: readonly string[]; readonly body: string };
  readonly keys?: "down";
  readonly logFormat?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly requestParameters?: Readonly<Record<string, string>>;
  readonly responseParameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A throttling limit, and when requests arrive: once, or in each millisecond until `untilMs`. */
  readonly limit?: { readonly rate: number; readonly burst: number };
  readonly arrivals?: readonly { readonly atMs: number; readonly untilMs?: number; readonly requests: number }[];
}

/** A request to the gateway. */
export interface CaseRequest {
  readonly method?: string;
  readonly path?: string;
  /** By name, or a list of names and values; `{ "length": n }` is a value of n characters. */
  readonly headers?: readonly string[] | Readonly<Record<string, string | { readonly length: number }>>;
  readonly body?: string | { readonly base64: string } | { readonly bytes: number };
  /** Address of the client; default 127.0.0.1. */
  readonly from?: string;
  readonly token?: TokenSpec;
}

interface CaseFile {
  readonly area: string;
  readonly token?: TokenSpec;
  readonly given?: Given;
  readonly cases: readonly FidelityCase[];
}

/** Reads every case by area. What a file gives for all of its cases is in each of them. */
export function readCases(): ReadonlyMap<string, readonly FidelityCase[]> {
  return readCaseFiles<FidelityCase, CaseFile>("cases", completed);
}

function completed(each: FidelityCase, { given, token }: CaseFile): FidelityCase {
  const { request = {} } = each;
  const claims = { ...token?.claims, ...request.token?.claims };
  return {
    ...each,
    given: { ...given, ...each.given },
    request: request.token ? { ...request, token: { ...request.token, claims } } : request,
  };
}
