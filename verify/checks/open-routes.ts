import { type Answer, parsed, shown } from "../ask";
import type { Check } from "../check";
import { definitionOf, pathOf, type ServiceStory } from "../story";
import type { Door } from "../target";
import { gatewayBody, isBody } from "./answers";

const absentId = "verify-none";

/** Health answers without a token, by one name. */
export function healthChecks(door: Door, { name, health }: ServiceStory): Check[] {
  const expected = { status: "ok", service: name };
  return health.map(({ id, path }) => ({
    id: `health/${door.label}/${name}${id === "get-health" ? "" : "/region"}`,
    expected: `GET ${path} answers 200 at ${door.name}`,
    run: async ({ ask }) => {
      const answer = await ask(door, { path });
      return answer.status === 200 && isBody(answer, expected) ? undefined : shown(answer);
    },
  }));
}

/** Open routes answer without a token: an item that is not there as 404 of the service, a list as a page. */
export function openChecks(door: Door, story: ServiceStory): Check[] {
  const reads = story.reads.map((route) => ({
    id: `open/${door.label}/${story.name}/${route.id}`,
    expected: `GET ${route.path} is open and answers 404 not_found for an id that does not exist`,
    run: async ({ ask }: { ask: (door: Door, question: { path: string }) => Promise<Answer> }) => {
      const answer = await ask(door, { path: pathOf(route, absentId) });
      return answer.status === 404 && isServiceError(answer, "not_found") ? undefined : shown(answer);
    },
  }));
  const lists = story.lists.map(({ route, query }) => ({
    id: `open/${door.label}/${story.name}/${route.id}`,
    expected: `GET ${route.path}?${query} is open and answers 200 with a page`,
    run: async ({ ask }: { ask: (door: Door, question: { path: string }) => Promise<Answer> }) => {
      const answer = await ask(door, { path: `${route.path}?${query}&limit=1` });
      const page = definitionOf(story.name, route.id).answer.safeParse(answer.json);
      // What the endpoint outside answers to its part of the callers has no schema here.
      if (answer.headers["x-answered-by"] === "legacy") return isDone(answer) ? undefined : shown(answer);
      return answer.status === 200 && page.success ? undefined : shown(answer);
    },
  }));
  const streams = story.streams.map(({ route, query }) => ({
    id: `open/${door.label}/${story.name}/${route.id}`,
    expected: `GET ${route.path}?${query} is open and answers 200 with a line of JSON for each item`,
    run: async ({ ask }: { ask: (door: Door, question: { path: string }) => Promise<Answer> }) => {
      const answer = await ask(door, { path: `${route.path}?${query}` });
      const isLines = answer.headers["content-type"]?.startsWith("application/x-ndjson") === true;
      const lines = answer.text.split("\n").filter((line) => line !== "");
      const { answer: schema } = definitionOf(story.name, route.id);
      const right = isLines && lines.every((line) => schema.safeParse(parsed(line)).success);
      return answer.status === 200 && right ? undefined : shown(answer);
    },
  }));
  return [...reads, ...lists, ...streams];
}

/**
 * A legacy route reaches the endpoint outside: a GET without parameters is answered 2xx, of others the endpoint may
 * refuse what is asked for here. On this machine the gateway may say that it does not call it. One that needs a token is
 * only refused without one, as nothing is known of what a request does there.
 */
export function legacyChecks(door: Door, { name, legacy }: ServiceStory, isLocal: boolean): Check[] {
  return legacy.map((route) => {
    const { method, path, scopes } = route;
    const mayRefuse = method !== "GET" || path.includes("{");
    const answers = `is answered ${mayRefuse ? "" : "2xx "}by the legacy endpoint`;
    const open = isLocal ? `${answers}, or 503 without a stand-in` : answers;
    return {
      id: `legacy/${door.label}/${name}/${route.id}`,
      expected: `${method} ${path} ${scopes.length > 0 ? "without a token is refused with 401" : open}`,
      run: async ({ ask }) => {
        const answer = await ask(door, { method, path: pathOf(route, absentId) });
        const ofGateway = (status: number, message: string) =>
          answer.status === status && isBody(answer, gatewayBody(message));
        if (scopes.length > 0) return ofGateway(401, "Unauthorized") ? undefined : shown(answer);
        if (isLocal && ofGateway(503, "Service Unavailable")) return undefined;
        const reached = mayRefuse ? answer.status < 500 && !ofGateway(404, "Not Found") : isDone(answer);
        return reached ? undefined : shown(answer);
      },
    };
  });
}

function isDone({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** What no contract has, the gateway refuses. */
export function unknownRouteCheck(door: Door): Check {
  return {
    id: `unknown-route/${door.label}`,
    expected: 'a path without route is refused with 404 {"message":"Not Found"}',
    run: async ({ ask }) => {
      const answer = await ask(door, { path: "/verify-no-such-route" });
      return answer.status === 404 && isBody(answer, gatewayBody("Not Found")) ? undefined : shown(answer);
    },
  };
}

/** The services' own errors are `{ code, message }` and nothing else. */
function isServiceError({ json }: Answer, code: string): boolean {
  const error = json as Readonly<Record<string, unknown>> | undefined;
  return error?.["code"] === code && typeof error["message"] === "string" && Object.keys(error).length === 2;
}
