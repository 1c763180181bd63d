import type * as z from "zod";
import type { RouteDefinition, Service } from "../contract";
import type { PathParameters, ServiceCalls } from "../definition";
import { HttpError } from "../errors";
import { currentTrace, inSpan } from "../trace";
import { type Answer, connectionTo } from "./connection";
import { CallFailure, callPolicy } from "./policy";
import type { Sign } from "./signing";

/** Contracts of services that are called, by service. */
type Callees = Readonly<Record<string, Service>>;

/** What a call sends: the parameters of the path, and the query and body that the route declares. */
type CallInput<Route extends RouteDefinition> = {
  readonly params: PathParameters<Route["path"]>;
} & (Route["query"] extends z.ZodType ? { readonly query: z.input<Route["query"]> } : unknown) &
  (Route["body"] extends z.ZodType ? { readonly body: z.input<Route["body"]> } : unknown);

/** The functions by which a service calls others: by service, then by route id. */
export type Calls<Declared extends ServiceCalls, Called extends Callees> = {
  readonly [Name in keyof Declared & keyof Called]: {
    readonly [Id in Declared[Name][number] & keyof Called[Name]["definitions"]]: (
      input: CallInput<Called[Name]["definitions"][Id]>,
    ) => Promise<z.output<Called[Name]["definitions"][Id]["answer"]> | undefined>;
  };
};

/** What `createCalls` needs. */
export interface CallsOptions<Declared extends ServiceCalls, Called extends Callees> {
  /** What the caller's contract declares. */
  readonly declared: Declared;
  /** Contracts of the services that it calls. */
  readonly callees: Called;
  /** `https://` and the name of the private API. */
  readonly baseUrl: string;
  readonly sign: Sign;
}

/**
 * Makes the functions by which a service calls others through the private API. Each resolves to the answer, checked by the
 * callee's contract, or to undefined for 404. A call has three seconds; reads, replacements and deletions are tried up to
 * three times within them. After five failures in a row the callee is not called for five seconds.
 * The functions fail with an `HttpError`: 503 `dependency_unavailable`, or 502 `dependency_failed` for an answer that the
 * contract does not have.
 * @throws {Error} one sentence when the contract declares a call of a route that the callee does not have
 */
export function createCalls<const Declared extends ServiceCalls, Called extends Callees>({
  declared,
  callees,
  baseUrl,
  sign,
}: CallsOptions<Declared, Called>): Calls<Declared, Called> {
  const connection = connectionTo(baseUrl);
  const services = Object.entries(declared).map(([name, ids]) => {
    const policy = callPolicy();
    const functions = ids.map((id) => {
      const route = callees[name]?.definitions[id];
      if (route === undefined) throw new Error(`the service ${name} has no route ${id} to call; correct the contract`);
      const attributes = { "peer.service": name, "http.request.method": route.method, "url.template": route.path };
      const answerOf = ({ status }: Answer) => ({ "http.response.status_code": status });
      // A span for each attempt.
      const send = (input: AnyInput, signal: AbortSignal) =>
        inSpan(
          `${route.method} ${route.path}`,
          attributes,
          () => sendOnce(route, input, { connection, baseUrl, sign, signal }),
          answerOf,
        );
      return [
        id,
        (input: AnyInput) =>
          answered(
            route,
            policy(route.method, (signal) => send(input, signal)),
          ),
      ];
    });
    return [name, Object.fromEntries(functions)];
  });
  return Object.fromEntries(services);
}

/** Makes functions that all fail with 503 `dependency_unavailable`, for an environment without a private API. */
export function missingCalls<const Declared extends ServiceCalls, Called extends Callees>(
  declared: Declared,
): Calls<Declared, Called> {
  const fail = async () => {
    throw new HttpError(503, "dependency_unavailable", "This environment has no private API to call other services by");
  };
  const services = Object.entries(declared).map(([name, ids]) => [
    name,
    Object.fromEntries(ids.map((id) => [id, fail])),
  ]);
  return Object.fromEntries(services);
}

interface AnyInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
}

interface Sending {
  readonly connection: ReturnType<typeof connectionTo>;
  readonly baseUrl: string;
  readonly sign: Sign;
  readonly signal: AbortSignal;
}

/** @throws {CallFailure} for an answer that may be another one a moment later, and when there is none */
async function sendOnce(route: RouteDefinition, input: AnyInput, sending: Sending): Promise<Answer> {
  const { connection, baseUrl, sign, signal } = sending;
  const url = new URL(pathOf(route.path, input.params), baseUrl);
  url.search = queryOf(input.query ?? {});
  const body = input.body === undefined ? undefined : JSON.stringify(input.body);
  const trace = currentTrace();
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(trace === undefined ? {} : { traceparent: trace }),
  };
  const { method } = route;
  try {
    const signed = await sign({ method, url, headers, ...(body === undefined ? {} : { body }) });
    const answer = await connection(`${url.pathname}${url.search}`, { method, headers: signed, body, signal });
    const { status } = answer;
    if (status === 429 || status >= 500) throw new CallFailure(`it answered ${status}`);
    return answer;
  } catch (error) {
    throw error instanceof CallFailure ? error : new CallFailure("it did not answer", error);
  }
}

async function answered(route: RouteDefinition, answer: Promise<Answer>): Promise<unknown> {
  const { status, text } = await answer;
  if (status === 404) return undefined;
  const failed = (cause: unknown) =>
    new HttpError(
      502,
      "dependency_failed",
      "A service that this one calls gave an answer that is not understood",
      cause,
    );
  if (status !== 200) {
    // A 403 is the gateway's, and its message says which permission the role of this service lacks.
    const why = status === 403 ? `: ${text.slice(0, 500)}` : "";
    throw failed(new Error(`${route.method} ${route.path} was answered ${status}${why}`));
  }
  try {
    // A newer callee may have more fields.
    return route.answer.loose().parse(JSON.parse(text));
  } catch (error) {
    throw failed(error);
  }
}

function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name]!));
}

/** Writes a query as it is signed: a space is `%20` there, and not the `+` of forms. */
function queryOf(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join("&");
}
