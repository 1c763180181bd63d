import { createHash } from "node:crypto";
import type { AdapterBindings } from "./incoming-request";

/** A route that the service and an endpoint outside the platform answer, each for a part of the callers. */
export interface LegacyShare {
  /** URL of the endpoint, with `{parameters}` of the route's path. */
  readonly url: string;
  /** Percent of the callers that the service answers, 1-99. */
  readonly servicePercent: number;
}

/** Who answers a request. */
export type Side = "service" | "legacy";

/**
 * Reads how a route is shared: LEGACY_URL_<ROUTE>, the URL of the endpoint, and SERVICE_PERCENT_<ROUTE>.
 * @param route  its id
 * @returns undefined when the service answers the route alone
 * @throws {Error} one sentence when one of the two is missing or the percentage is none
 */
export function legacyShare(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
  route: string,
): LegacyShare | undefined {
  const suffix = route.toUpperCase().replaceAll("-", "_");
  const [url, percent] = [env[`LEGACY_URL_${suffix}`], env[`SERVICE_PERCENT_${suffix}`]];
  if (url === undefined && percent === undefined) return undefined;
  const servicePercent = Number(percent);
  if (url === undefined || !Number.isInteger(servicePercent) || servicePercent < 1 || servicePercent > 99) {
    throw new Error(
      `${service}: LEGACY_URL_${suffix} must be a URL and SERVICE_PERCENT_${suffix} a whole number from 1 to 99, got ${JSON.stringify(url)} and ${JSON.stringify(percent)}; set both`,
    );
  }
  return { url, servicePercent };
}

/**
 * Returns who answers a caller. A caller stays where it is, also on another server, and a higher percentage moves callers
 * from the endpoint to the service and none back.
 * @param caller  subject of the verified token, else the address that the request came from
 */
export function sideOf(route: string, caller: string, servicePercent: number): Side {
  const place = createHash("sha256").update(`${route}\n${caller}`).digest().readUInt32BE(0) / 2 ** 32;
  return place * 100 < servicePercent ? "service" : "legacy";
}

/**
 * Returns the address that a request came from, as its gateway says. It is not proved by anything: it decides who answers,
 * and nothing else.
 */
export function addressOf(headers: Headers, bindings: AdapterBindings | undefined): string {
  const { http, identity } = bindings?.event?.requestContext ?? { http: undefined, identity: undefined };
  const forwarded = /(?:^|[;,]\s*)for="?([^;,"]+)/i.exec(headers.get("forwarded") ?? "")?.[1];
  const [first = ""] = (headers.get("x-forwarded-for") ?? "").split(",");
  return http?.sourceIp ?? identity?.sourceIp ?? forwarded ?? first.trim();
}
