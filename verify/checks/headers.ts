import type { Answer } from "../ask";
import type { Check, Session } from "../check";
import { pathOf, type ServiceStory } from "../story";
import type { Door } from "../target";

type Headers = Answer["headers"];

/** Headers of every service's answers, and of the gateway's own where it gives them. */
export function headerChecks(door: Door, stories: readonly ServiceStory[]): Check[] {
  const paths = stories.flatMap(({ reads }) => reads.slice(0, 1).map((route) => pathOf(route, "verify-none")));
  const check = (
    id: string,
    expected: string,
    of: readonly string[],
    problem: (headers: Headers) => string | undefined,
  ): Check => ({
    id: `headers/${door.label}/${id}`,
    expected,
    run: async (session) => firstProblem(session, door, of, problem),
  });
  return [
    check(
      "request-id",
      "every answer has the gateway's request id in apigw-requestid",
      [...paths, "/verify-none"],
      (headers) => (headers["apigw-requestid"] ? undefined : "no apigw-requestid"),
    ),
    check("one-id", "a service answers with the gateway's request id in x-request-id", paths, (headers) =>
      headers["x-request-id"] && headers["x-request-id"] === headers["apigw-requestid"]
        ? undefined
        : `x-request-id ${headers["x-request-id"] ?? "absent"}, apigw-requestid ${headers["apigw-requestid"] ?? "absent"}`,
    ),
    check("content-type", "every answer is application/json", [...paths, "/verify-none"], (headers) =>
      headers["content-type"]?.startsWith("application/json")
        ? undefined
        : `content-type ${headers["content-type"] ?? "absent"}`,
    ),
    check("nosniff", "a service answers with x-content-type-options: nosniff", paths, (headers) =>
      headers["x-content-type-options"] === "nosniff"
        ? undefined
        : `x-content-type-options ${headers["x-content-type-options"] ?? "absent"}`,
    ),
    check("served-by", "a service says which region, zone and server answered, in x-served-by", paths, (headers) => {
      const served = headers["x-served-by"] ?? "absent";
      const [, region] = /^region=([a-z0-9-]+), zone=[a-z0-9-]+, server=[0-9a-f]{8}$/.exec(served) ?? [];
      const wrong = door.region !== undefined && region !== door.region;
      return region === undefined || wrong ? `x-served-by ${served}` : undefined;
    }),
    check("no-version", "no answer says which software and version gave it", [...paths, "/verify-none"], (headers) => {
      if (headers["x-powered-by"]) return `x-powered-by ${headers["x-powered-by"]}`;
      return /\d/.test(headers["server"] ?? "") ? `server ${headers["server"]}` : undefined;
    }),
  ];
}

async function firstProblem(
  { ask }: Session,
  door: Door,
  paths: readonly string[],
  problem: (headers: Headers) => string | undefined,
): Promise<string | undefined> {
  for (const path of paths) {
    const found = problem((await ask(door, { path })).headers);
    if (found !== undefined) return `${found} at GET ${path}`;
  }
  return undefined;
}
