import { send } from "./request";
import { isObject } from "./schema";

/** What a person's tenant may do, and has done of it. */
export interface Usage {
  readonly tenant: string;
  readonly tier: string;
  /** Requests a second, and how many at once. */
  readonly rate: number;
  readonly burst: number;
  /** @default the tier has no quota */
  readonly quota?: { readonly requests: number; readonly per: "DAY" | "WEEK" | "MONTH" };
  /** Requests of the present period. @default unset, without a quota */
  readonly used?: number;
  /** When API Gateway said so, ISO 8601. */
  readonly asOf: string;
}

/** `none`: the person is in no tenant. */
export type KnownUsage = Usage | "none" | undefined;

const dayMs = 86_400_000;
const periods = { DAY: "a day", WEEK: "a week", MONTH: "a month" } as const;

/** Asks for the usage of a person's tenant. @returns undefined while it is not known */
export async function readUsage(apiUrl: string, token: string): Promise<KnownUsage> {
  const { status, body } = await send(apiUrl, { method: "GET", path: "/usage", token });
  if (status === 403) return "none";
  return status === 200 && isObject(body) && typeof body["tenant"] === "string" ? (body as never) : undefined;
}

/** @example limitsText({ rate: 2, burst: 4 }) // "2 requests a second, 4 at once" */
export function limitsText({ rate, burst }: Pick<Usage, "rate" | "burst">): string {
  return `${rate.toLocaleString("en")} ${rate === 1 ? "request" : "requests"} a second, ${burst.toLocaleString("en")} at once`;
}

/** @example quotaText({ requests: 10_000, per: "MONTH" }) // "10,000 requests a month" */
export function quotaText({ requests, per }: NonNullable<Usage["quota"]>): string {
  return `${requests.toLocaleString("en")} ${requests === 1 ? "request" : "requests"} ${periods[per]}`;
}

/** @example ageText(61_000) // "1 minute ago" */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return seconds === 1 ? "1 second ago" : `${seconds} seconds ago`;
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
}

/** Returns when a quota starts anew: with the next day, week (on Sunday) or month of UTC. */
export function nextPeriod(per: NonNullable<Usage["quota"]>["per"], now: Date): Date {
  if (per === "MONTH") return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  return new Date(today + dayMs * (per === "DAY" ? 1 : 7 - now.getUTCDay()));
}

/** Says why a tenant's request was refused with 429, and when it may be sent again. @param code  of the answer's body */
export function tooManyText({ tenant, tier, rate, burst, quota }: Usage, code: unknown, now: Date): string {
  if (code === "quota_exceeded" && quota !== undefined) {
    const at = nextPeriod(quota.per, now).toLocaleString("en-GB", {
      dateStyle: "long",
      timeStyle: "short",
      timeZone: "UTC",
    });
    return `Tenant ${tenant} has used up the quota of its tier ${tier}, ${quotaText(quota)}. It starts anew on ${at} UTC.`;
  }
  const seconds = Math.max(1, Math.ceil(1 / rate));
  return `Tenant ${tenant} sent more than its tier ${tier} allows, ${limitsText({ rate, burst })}, or all callers of this route together more than its limit. The gateway refused this request before any server saw it. Try again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`;
}
