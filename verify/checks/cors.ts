import { type Answer, shown } from "../ask";
import { type Check, NotApplicable } from "../check";
import { pathOf, type ServiceStory } from "../story";
import type { Door } from "../target";

const otherOrigin = "https://verify.invalid";

/** Browsers may call from each configured origin, and from no other. */
export function corsChecks(door: Door, origins: readonly string[], stories: readonly ServiceStory[]): Check[] {
  const route = stories.flatMap(({ writes }) => writes)[0]?.route;
  if (route === undefined) return [];
  const path = pathOf(route, "verify-none");
  const allowed = (answer: Answer) => answer.headers["access-control-allow-origin"];
  const preflight = (origin: string) => ({
    method: "OPTIONS" as const,
    path,
    headers: {
      origin,
      "access-control-request-method": route.method,
      "access-control-request-headers": "authorization,content-type",
    },
  });
  return [
    {
      id: `cors/${door.label}/allowed`,
      expected: `browsers may call from ${origins.join(" and ") || "no origin"}`,
      run: async ({ ask }) => {
        if (origins.length === 0) throw new NotApplicable("no origin is configured");
        for (const origin of origins) {
          const before = await ask(door, preflight(origin));
          if (!permits(before, origin, route.method))
            return `a preflight from ${origin} answers ${preflightOf(before)}`;
          const answer = await ask(door, { path, headers: { origin } });
          if (allowed(answer) !== origin) return `a GET from ${origin} allows ${allowed(answer) ?? "no origin"}`;
        }
        return undefined;
      },
    },
    {
      id: `cors/${door.label}/refused`,
      expected: `browsers may not call from another origin such as ${otherOrigin}`,
      run: async ({ ask }) => {
        for (const question of [preflight(otherOrigin), { path, headers: { origin: otherOrigin } }]) {
          const origin = allowed(await ask(door, question));
          if (origin !== undefined) return `access-control-allow-origin ${origin}`;
        }
        return undefined;
      },
    },
  ];
}

function permits({ status, headers }: Answer, origin: string, method: string): boolean {
  const list = (name: string) => (headers[name] ?? "").toLowerCase().split(/ *, */);
  return (
    (status === 204 || status === 200) &&
    headers["access-control-allow-origin"] === origin &&
    list("access-control-allow-methods").includes(method.toLowerCase()) &&
    ["authorization", "content-type"].every((name) => list("access-control-allow-headers").includes(name))
  );
}

function preflightOf(answer: Answer): string {
  const allow = Object.entries(answer.headers).filter(([name]) => name.startsWith("access-control-allow-"));
  return `${shown(answer)} ${allow.map(([name, value]) => `${name}: ${value}`).join(", ")}`.trim();
}
