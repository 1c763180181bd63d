import { corsHeaders } from "../kit/cors";
import { type Asked, currentFigure, type FigureParts } from "./figure";

/** The fields of an event of a REST API that decide on the answer; the authorizer has put its context into it. */
export interface UsageEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly requestContext: {
    readonly apiId: string;
    readonly stage: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

/** An answer of the function. */
export interface UsageAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What `answerUsage` needs. */
export interface UsageParts extends FigureParts {
  readonly corsOrigins: readonly string[];
}

/** Seconds after which who asks first may ask again: another request is asking API Gateway. */
const retryAfterSeconds = 2;

/**
 * Answers what the caller's tier allows, and how much of its quota is used: 200 with `tenant`, `tier`, `rate`, `burst`,
 * `quota` and `used` where the tier has a quota, and `asOf`, when API Gateway was asked (ISO 8601). 503 while the first figure is not
 * there. Whose tenant it is, the authorizer has said: nothing of the request decides on it.
 */
export async function answerUsage(parts: UsageParts, event: UsageEvent): Promise<UsageAnswer> {
  const sent = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === "origin");
  const headers = {
    ...corsHeaders(parts.corsOrigins, sent?.[1]),
    "content-type": "application/json",
    "cache-control": "no-store",
  };
  const asked = askedOf(event);
  if (asked === undefined) return { statusCode: 403, headers, body: '{"message":"Forbidden"}' };
  const figure = await currentFigure(parts, asked);
  if (figure === undefined) {
    const body = { code: "usage_unknown", message: "The figure is not there yet; try again" };
    return {
      statusCode: 503,
      headers: { ...headers, "retry-after": String(retryAfterSeconds) },
      body: JSON.stringify(body),
    };
  }
  const { tenant, tier } = asked;
  const body = { tenant, tier, ...figure, asOf: new Date(figure.asOf).toISOString() };
  return { statusCode: 200, headers, body: JSON.stringify(body) };
}

function askedOf({ requestContext: { apiId, stage, authorizer } }: UsageEvent): Asked | undefined {
  const { tenant, tier } = authorizer ?? {};
  return typeof tenant === "string" && typeof tier === "string" ? { tenant, tier, apiId, stage } : undefined;
}
