import { UserError } from "../../graph/user-error";
import { definitionOf, pathOf, storyOf } from "../../verify/story";
import type { Expected } from "../../verify/target";

/** A service that load is sent to: a PUT stores a number in an item, and a GET reads it. */
export interface LoadedService {
  readonly name: string;
  /** Scopes of the PUT. */
  readonly scopes: readonly string[];
  /** Requests a second that the planned throttles let through, a quarter of them PUTs. */
  readonly mostRate: number;
  pathOf(id: string): string;
  /** Returns the body that stores a number. */
  bodyOf(value: number): object;
  /** Returns the number that an answer has; -1 for an item that no such PUT has stored. */
  valueOf(answer: unknown): number;
}

/** Part of a throttle that the load may use. */
const share = 0.75;

/**
 * Returns the services that can be loaded: a PUT of an item that names no other, and a GET that reads it.
 * @param only  the one to load
 * @throws {UserError} when there is none
 */
export function loadedServices({ services }: Expected, only: string | undefined): LoadedService[] {
  const all = services.flatMap((service): LoadedService[] => {
    const write = storyOf(service).writes.find(
      ({ route, body, read, itemsOf, ofSession }) =>
        route.method === "PUT" && route.path.includes("{") && body && read && itemsOf.size === 0 && !ofSession,
    );
    if (write?.body === undefined || write.read === undefined) return [];
    const { route, read, body } = write;
    const schema = definitionOf(service.name, route.id).body!;
    const texts = Object.keys(body).filter((key) => typeof (body as Record<string, unknown>)[key] === "string");
    const field = texts.find((key) => schema.safeParse({ ...body, [key]: marked(1) }).success);
    if (field === undefined) return [];
    return [
      {
        name: service.name,
        scopes: route.scopes,
        mostRate: share * Math.min(4 * route.throttle.rate, (4 / 3) * read.throttle.rate),
        pathOf: (id) => pathOf(route, id),
        bodyOf: (value) => ({ ...body, [field]: marked(value) }),
        valueOf: (answer) => unmarked((answer as Record<string, unknown> | undefined)?.[field]),
      },
    ];
  });
  if (only === undefined && all.length > 0) return all;
  const found = all.filter(({ name }) => name === only);
  if (found.length > 0) return found;
  const allowed = all.map(({ name }) => name).join(", ") || "none";
  throw new UserError(
    `--service must be a service with a PUT and a GET of an item that names no other, got ${only ?? "none"}; allowed: ${allowed}`,
  );
}

function marked(value: number): string {
  return `drill ${value}`;
}

function unmarked(text: unknown): number {
  const [, value = "-1"] = /^drill (\d+)$/.exec(String(text)) ?? [];
  return Number(value);
}
