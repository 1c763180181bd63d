import type { AdapterBindings } from "./incoming-request";

/** Header in which a gateway tells a server whose token it has verified, in place of what a client sends. */
const subjectHeader = "x-subject";
const validSubject = /^[A-Za-z0-9._:@|+/=-]{1,300}$/;

/**
 * Returns whose token the gateway has verified: the user pool's `sub`, or `<issuer>|<sub>` of another issuer. A function
 * reads it from its event and never from a header. Only of a route that needs a token: no gateway has verified one elsewhere.
 * @returns undefined without a gateway that says so, and for any text that is no plain name
 */
export function subjectOf(headers: Headers, bindings: AdapterBindings | undefined): string | undefined {
  const subject = bindings?.event ? eventSubject(bindings.event) : headers.get(subjectHeader);
  return typeof subject === "string" && validSubject.test(subject) ? subject : undefined;
}

/** Context of authorizers: Lambda's and JWT's of HTTP APIs, Lambda's and the user pool's of REST APIs. */
function eventSubject({ requestContext }: NonNullable<AdapterBindings["event"]>): unknown {
  const { lambda, jwt, subject, claims } = requestContext?.authorizer ?? {};
  return lambda?.subject ?? jwt?.claims?.["sub"] ?? subject ?? claims?.["sub"];
}
