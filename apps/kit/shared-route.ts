import type { Handler } from "hono";
import type { AppEnv } from "./app-env";
import type { RouteDefinition } from "./definition";
import { requestIdOf } from "./incoming-request";
import { askLegacy } from "./legacy-endpoint";
import { addressOf, type LegacyShare, sideOf } from "./legacy-share";
import { subjectOf } from "./subject";

/** Header of answers that says by whom they were made. */
const sideHeader = "x-answered-by";

/** A route that the service and an endpoint outside share. */
export interface SharedRoute {
  readonly id: string;
  readonly route: Pick<RouteDefinition, "path" | "access">;
  readonly share: LegacyShare;
  readonly timeoutSeconds: number;
}

/**
 * Makes the handler of a shared route: each caller is answered by the service or by the endpoint outside, always by the
 * same one. The log (`answeredBy`) and the header `x-answered-by` say by which.
 * @param own  the service's handler
 */
export function sharedHandler(
  { id, route, share, timeoutSeconds }: SharedRoute,
  own: Handler<AppEnv>,
): Handler<AppEnv> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const subject = route.access === "open" ? undefined : subjectOf(headers, c.env);
    const side = sideOf(id, subject ?? addressOf(headers, c.env), share.servicePercent);
    c.set("answeredBy", side);
    if (side === "service") {
      c.header(sideHeader, side);
      return own(c, next);
    }
    c.set("route", route.path);
    c.set("subject", subject);
    const answer = await askLegacy({
      url: share.url,
      params: c.req.param(),
      request: c.req.raw,
      requestId: requestIdOf(headers, c.env),
      timeoutMilliseconds: timeoutSeconds * 1_000,
    });
    answer.headers.set(sideHeader, side);
    return answer;
  };
}
