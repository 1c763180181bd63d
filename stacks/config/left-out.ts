import { z } from "zod";
import { distinct } from "./formats";

/** Parts that cost by the hour or month, whether they are used or not, and without which the rest runs. */
export const costlyParts = ["private", "cache", "waf"] as const;
/** A part that an environment may leave out. */
export type CostlyPart = (typeof costlyParts)[number];

/** Schema of the parts that an environment leaves out on AWS. */
export const leaveOutSchema = distinct(z.enum(costlyParts), 0, costlyParts.length).describe(
  "Parts that are left out on AWS, because they cost while they are not used: private (the private API; services that call others answer 503 where they need to), cache of the REST API, and waf of the REST API and the web app. On one machine all of them run.",
);

/** Tells whether an environment leaves a part out. */
export function leavesOut({ leaveOut }: { readonly leaveOut: readonly CostlyPart[] }, part: CostlyPart): boolean {
  return leaveOut.includes(part);
}
