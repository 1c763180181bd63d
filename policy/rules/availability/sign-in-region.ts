import { workloadRegions } from "../../core/regions";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const signInRegion: StackRule = {
  scope: "stack",
  name: "sign-in-region",
  types: [T.userPool],
  holds: "It is known that sign-in is in one region.",
  why: "A user pool has no replica: without its region nobody signs in, though tokens already given are still good.",
  mend: "accept it, keep refresh tokens long enough, and say so in the promise to clients",
  severity: "medium",
  level: "advisory",
  ids: { availability: 41 },
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/disaster-recovery-resiliency.html",
  check(pool, { stack, report }) {
    const regions = workloadRegions(stack);
    if (regions.length > 1)
      report(
        pool,
        `must not be all there is to sign in with, got ${stack.regionOf(pool) ?? "one region"} for ${regions.length}`,
      );
  },
};
