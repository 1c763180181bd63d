import { computePatterns } from "../../infra/compute/registry";
import type { ConfigProblem } from "./problems";
import type { PlatformConfig } from "./schema";

/** Returns the problems of experiments: each kind must have something to break. */
export function* experimentProblems(
  { instance, zone }: NonNullable<PlatformConfig["experiments"]>,
  services: PlatformConfig["services"],
): Iterable<ConfigProblem> {
  const served = Object.values(services).some(({ pattern }) => "servers" in computePatterns[pattern]);
  for (const [kind, on] of Object.entries({ instance, zone })) {
    if (on && !served) {
      yield {
        path: `experiments.${kind}`,
        text: "must not be true while every service is a function, which has no server and is in no zone that could be lost; remove it, or run a service under another pattern",
      };
    }
  }
}
