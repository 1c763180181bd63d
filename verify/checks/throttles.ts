import type { RouteSpec } from "../../apps/kit/contract";
import { type Answer, shown } from "../ask";
import { type Check, NotApplicable, NotRun, type Session } from "../check";
import { pathOf, type ServiceStory } from "../story";
import type { Door } from "../target";
import { gatewayBody, isBody } from "./answers";

/** A larger bucket is not emptied: it would take too many requests. */
const largestBurst = 100;
const attempts = 3;

/**
 * More requests at once than a route's bucket has room for meet 429, and the service's health route still answers 200. Not done
 * to health routes, which Route 53 watches, nor to legacy routes, which belong to others. The requests are invalid, so
 * that services answer them without their tables.
 */
export function throttleChecks(door: Door, story: ServiceStory): Check[] {
  return story.routes
    .filter((route) => !story.health.includes(route))
    .map((route) => {
      const { rate, burst } = route.throttle;
      return {
        id: `throttle/${door.label}/${story.name}/${route.id}`,
        expected: `${route.method} ${route.path} answers 429 beyond ${burst} at once and ${rate} a second, and other routes do not`,
        run: async (session) => {
          if (burst > largestBurst) throw new NotApplicable(`a burst of ${burst} is more than this command sends`);
          const problem = await exceed(session, door, route);
          if (problem !== undefined) return problem;
          const [health] = story.health;
          const other = health && (await session.ask(door, { path: health.path }));
          return other?.status === 429 ? `429 at ${health!.path} as well` : undefined;
        },
      };
    });
}

/** Exceeds a route's limit; returns what is wrong with that. @throws {NotRun} when requests go out too slowly for it */
async function exceed(session: Session, door: Door, route: RouteSpec): Promise<string | undefined> {
  const { rate, burst } = route.throttle;
  const count = 2 * burst + rate;
  let seconds = 0;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const startedAt = performance.now();
    const refused = await burstOf(session, door, route, count);
    if (refused) return isBody(refused, gatewayBody("Too Many Requests")) ? undefined : shown(refused);
    seconds = (performance.now() - startedAt) / 1_000;
    if (count > burst + rate * seconds) return `no 429 in ${count} requests within ${seconds.toFixed(1)} s`;
  }
  throw new NotRun(`requests go out too slowly from here: ${count} in ${seconds.toFixed(1)} s`);
}

/**
 * Sends so many requests at once; returns an answer 429 when there is one. One after the other would not do: while a
 * slow service answers, the bucket fills again.
 */
async function burstOf(session: Session, door: Door, route: RouteSpec, count: number): Promise<Answer | undefined> {
  const token = route.scopes.length > 0 ? await session.token(route.scopes) : undefined;
  const question = { method: route.method, path: pathOf(route, "%20"), ...(token === undefined ? {} : { token }) };
  const answers = await Promise.all(Array.from({ length: count }, () => session.ask(door, question)));
  return answers.find(({ status }) => status === 429);
}
