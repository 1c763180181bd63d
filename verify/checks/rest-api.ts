import { type Answer, shown } from "../ask";
import { type Check, NotRun, type Session } from "../check";
import { pathOf, type ServiceStory } from "../story";
import type { Door, RestExpected, Target, Tenants } from "../target";
import { gatewayBody, isBody } from "./answers";
import { corsChecks } from "./cors";
import { issuerChecks } from "./issuers";
import { healthChecks, openChecks } from "./open-routes";
import { workChecks, workRefusalChecks } from "./work";
import { writeChecks } from "./writes";

/** Requests that are sent at once, in multiples of the bucket of the tier that they exceed. */
const overBucket = 3;
/** Most requests that the check of a limit sends at once. */
const mostAtOnce = 100;

/** The story of the REST API by one name: what it answers itself and passes on, and what it refuses. */
export function restChecks(target: Target, door: Door, rest: RestExpected, stories: readonly ServiceStory[]): Check[] {
  const own = stories.filter(({ name }) => rest.services.includes(name));
  const admitted = (checks: readonly Check[]) => (rest.tiers ? asTenant(target, rest, checks) : checks);
  return [
    ...own.flatMap((story) => healthChecks(door, story)),
    unknownRoute(door),
    ...(rest.tiers
      ? own.flatMap((story) => tokenChecks(door, story))
      : own.flatMap((story) => [
          ...signInChecks(door, story),
          ...workRefusalChecks(door, story),
          ...issuerChecks(target, door, story),
        ])),
    ...admitted([
      ...own.flatMap((story) => openChecks(door, story)),
      ...own.flatMap((story) => gatewayRouteChecks(door, story)),
      ...own.flatMap((story) => modelChecks(door, story)),
      ...own.flatMap((story) => writeChecks(target, door, story)),
      ...own.flatMap((story) => workChecks(target, door, story)),
      ...corsChecks(door, target.expected.corsOrigins, own),
    ]),
    ...rest.stages.map((stage) => stageCheck(door, stage, own[0]!)),
    ...(rest.tiers ? [limitCheck(target, door, rest, own)] : []),
  ];
}

/** Runs checks with the token of a tenant in every request. */
function asTenant(target: Target, rest: RestExpected, checks: readonly Check[]): Check[] {
  return checks.map((check) => ({
    ...check,
    run: async (session) => {
      const token = await tenantsOf(target).token(tierBy(rest, "largest"));
      const ask: Session["ask"] = (door, question) => session.ask(door, { token, ...question });
      return check.run({ ...session, ask, token: async () => token });
    },
  }));
}

function tenantsOf({ tenants, tenantsMissing }: Target): Tenants {
  if (tenants === undefined) throw new NotRun(tenantsMissing ?? "no tenant's token");
  return tenants;
}

function tierBy({ tiers = {} }: RestExpected, which: "largest" | "smallest"): string {
  const sorted = Object.entries(tiers).sort(([, a], [, b]) => a.rate - b.rate);
  return (which === "largest" ? sorted.at(-1) : sorted[0])![0];
}

/** What no contract has, a REST API refuses as if a token were missing. */
function unknownRoute(door: Door): Check {
  return {
    id: `unknown-route/${door.label}`,
    expected: 'a path without route is refused with 403 {"message":"Missing Authentication Token"}',
    run: async ({ ask }) => {
      const answer = await ask(door, { path: "/verify-no-such-route" });
      return answer.status === 403 && isBody(answer, gatewayBody("Missing Authentication Token"))
        ? undefined
        : shown(answer);
    },
  };
}

/** With tenants, every route but the health routes needs a token. */
function tokenChecks(door: Door, story: ServiceStory): Check[] {
  const routes = [...story.routes, ...story.legacy, ...story.gateway, ...story.work].filter(
    (route) => !story.health.some(({ id }) => id === route.id),
  );
  return routes.map((route) => ({
    id: `no-tenant/${door.label}/${story.name}/${route.id}`,
    expected: `${route.method} ${route.path} without a tenant's token is refused with 401 {"message":"Unauthorized"}`,
    run: async ({ ask }) => {
      const answer = await ask(door, { method: route.method, path: pathOf(route, "verify-none") });
      return answer.status === 401 && isBody(answer, gatewayBody("Unauthorized")) ? undefined : shown(answer);
    },
  }));
}

/** Without tenants, routes that change something need a token of the user pool. */
function signInChecks(door: Door, story: ServiceStory): Check[] {
  return story.writes.map(({ route }) => ({
    id: `no-token/${door.label}/${story.name}/${route.id}`,
    expected: `${route.method} ${route.path} without a token is refused with 401 {"message":"Unauthorized"}`,
    run: async ({ ask }) => {
      const answer = await ask(door, { method: route.method, path: pathOf(route, "verify-none"), body: {} });
      return answer.status === 401 && isBody(answer, gatewayBody("Unauthorized")) ? undefined : shown(answer);
    },
  }));
}

/** A fixed answer is as the contract says; an item that is not there is 404. */
function gatewayRouteChecks(door: Door, story: ServiceStory): Check[] {
  return story.gateway.map((route) => ({
    id: `gateway/${door.label}/${story.name}/${route.id}`,
    expected: `GET ${route.path} is answered by the REST API itself`,
    run: async ({ ask }) => {
      const answer = await ask(door, { path: pathOf(route, "verify-none") });
      const right =
        route.answer.kind === "fixed"
          ? answer.status === 200 && isBody(answer, route.answer.body)
          : answer.status === 404 && (answer.json as { code?: unknown } | undefined)?.code === "not_found";
      return right ? undefined : shown(answer);
    },
  }));
}

/** A body that the contract does not allow is refused by the API's model, before a server sees it. */
function modelChecks(door: Door, story: ServiceStory): Check[] {
  return story.writes.flatMap(({ route, body }) =>
    body === undefined
      ? []
      : [
          {
            id: `model/${door.label}/${story.name}/${route.id}`,
            expected: `${route.method} ${route.path} with an unknown field is refused with 400 Invalid request body, and why`,
            run: async (session: Session) => {
              const answer = await session.ask(door, {
                method: route.method,
                path: pathOf(route, "verify-none"),
                body: { ...body, verify: true },
                token: await session.token(route.scopes),
              });
              const { message, details } = (answer.json ?? {}) as Readonly<Record<string, unknown>>;
              const right = message === "Invalid request body" && typeof details === "string";
              return answer.status === 400 && right ? undefined : shown(answer);
            },
          },
        ],
  );
}

function stageCheck(door: Door, stage: string, { name }: ServiceStory): Check {
  return {
    id: `stage/${door.label}/${stage}`,
    expected: `GET /${stage}/${name}/healthz answers 200`,
    run: async ({ ask }) => {
      const answer = await ask(door, { path: `/${stage}/${name}/healthz` });
      return answer.status === 200 && isBody(answer, { status: "ok", service: name }) ? undefined : shown(answer);
    },
  };
}

/** A tenant over the limit of its tier gets 429, while another one loses no request at the same moment. */
function limitCheck(target: Target, door: Door, rest: RestExpected, stories: readonly ServiceStory[]): Check {
  const small = tierBy(rest, "smallest");
  const large = tierBy(rest, "largest");
  const { rate, burst } = rest.tiers![small]!;
  return {
    id: `limit/${door.label}/${small}`,
    expected: `a tenant of ${small} over its limit gets 429 throttled, while one of ${large} gets every answer`,
    run: async ({ ask }) => {
      const [path] = stories.flatMap(({ reads }) => reads.map((route) => pathOf(route, "verify-none")));
      const tenants = tenantsOf(target);
      if (path === undefined || small === large) throw new NotRun("there is no second tier, or no route that reads");
      const count = Math.ceil(overBucket * burst + rate);
      if (count > mostAtOnce) throw new NotRun(`the bucket of ${small} takes ${burst}; it is not emptied here`);
      const send = async (tier: string, number: number) => {
        const token = await tenants.token(tier);
        return Promise.all(Array.from({ length: number }, () => ask(door, { path, token })));
      };
      const [over, other] = await Promise.all([send(small, count), send(large, 10)]);
      const refused = over.filter(({ status }) => status === 429);
      if (refused.length === 0) return `${count} requests at once, none refused`;
      const wrong = refused.find((answer) => !isThrottled(answer)) ?? other.find(({ status }) => status === 429);
      return wrong && shown(wrong);
    },
  };
}

function isThrottled(answer: Answer): boolean {
  return isBody(answer, { code: "throttled", message: "Too Many Requests" });
}
