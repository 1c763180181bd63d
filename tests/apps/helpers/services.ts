import { existsSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { catalog, type ServiceName } from "../../../apps/catalog";
import type { App, AppDependencies } from "../../../apps/kit/app";
import type { RouteDefinition } from "../../../apps/kit/contract";
import type { ServiceCalls } from "../../../apps/kit/definition";
import type { IdempotencyStore } from "../../../apps/kit/idempotent-route";
import type { KeyTable } from "../../../apps/kit/key-table";
import { createLogger, type LogLevel } from "../../../apps/kit/log";
import type { ObjectStore } from "../../../apps/kit/objects";
import type { Item, ItemRepository, Page, PageQuery } from "../../../apps/kit/repository";
import { sessionStore } from "../../../apps/kit/session-store";
import type { PriceCache } from "../../../apps/price-calculator/price-cache";
import { projectRoot } from "../../../graph/project-root";
import { pythonApp } from "./python-apps";

/** One service under test: how to build it, where its items live, and a body it accepts. */
export interface Sample {
  readonly name: string;
  readonly collection: string;
  readonly createApp: (dependencies: AppDependencies<never>) => App;
  readonly body: Readonly<Record<string, unknown>>;
  /** Language that the service is written in. */
  readonly language: "typescript" | "python";
  /** A list of items like `body`, where the service has one. */
  readonly list?: string;
}

/** Every service of the catalog, told from its contract: a new one is tested without an entry here. */
export const samples: readonly Sample[] = Object.values(catalog).map((service): Sample => {
  const definitions = Object.values<RouteDefinition>(service.definitions);
  const put = definitions.find(({ method, sample }) => method === "PUT" && sample !== undefined)!;
  const collection = put.path.replace(/\/\{\w+\}$/, "");
  const list = definitions.find(({ method, path }) => method === "GET" && path === collection);
  const demanded = Object.entries<z.ZodType>(list?.query?.shape ?? {}).filter(
    ([, type]) => !type.safeParse(undefined).success,
  );
  const query = new URLSearchParams(demanded.map(([key]): [string, string] => [key, String(put.sample![key])]));
  return {
    name: service.name,
    collection,
    ...appOf(service.name),
    body: put.sample!,
    ...(list && { list: `${collection}?${query}` }),
  };
});

function appOf(name: string): Pick<Sample, "language" | "createApp"> {
  return existsSync(join(projectRoot, "apps", name, "app.py"))
    ? { language: "python", createApp: (dependencies) => pythonApp(name, dependencies as never) as never }
    : { language: "typescript", createApp: require(`../../../apps/${name}/app`).createApp };
}

/** A function by which a service calls a route of another one. */
type CalledRoute = (input: { readonly params: Readonly<Record<string, string>> }) => Promise<unknown>;
/** Functions by which a service calls others: by service, then by route id. */
export type StandInCalls = Readonly<Record<string, Readonly<Record<string, CalledRoute>>>>;

/** Stand-ins for the services that one calls: each has an item under every id, the sample of its contract. */
export function standInCalls(caller: string): StandInCalls {
  const called = Object.entries(catalog[caller as ServiceName].calls as ServiceCalls).map(([name, ids]) => {
    const { body } = samples.find((each) => each.name === name)!;
    return [name, Object.fromEntries(ids.map((id) => [id, async ({ params }) => ({ ...body, ...params })]))] as [
      string,
      Record<string, CalledRoute>,
    ];
  });
  return Object.fromEntries(called);
}

/** Items in a map; lists by id, as a stable stand-in for an index's own order. */
export class MemoryItems implements ItemRepository<Item> {
  readonly items = new Map<string, Item>();

  async get(id: string): Promise<Item | undefined> {
    return this.items.get(id);
  }

  async put<T extends Item>(item: T): Promise<T> {
    this.items.set(item.id, item);
    return item;
  }

  async delete(id: string): Promise<void> {
    this.items.delete(id);
  }

  async list({ key, value, limit, after }: PageQuery): Promise<Page<Item>> {
    const matching = [...this.items.values()]
      .filter((item) => (item as unknown as Record<string, unknown>)[key] === value)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .filter((item) => after === undefined || item.id > after);
    const items = matching.slice(0, limit);
    return { items, ...(matching.length > limit && { next: items.at(-1)!.id }) };
  }
}

/** Documents in a map, as JSON. */
export class MemoryObjects implements ObjectStore {
  readonly documents = new Map<string, string>();

  async get(key: string): Promise<unknown> {
    const found = this.documents.get(key);
    return found === undefined ? undefined : JSON.parse(found);
  }

  async put(key: string, document: object): Promise<void> {
    this.documents.set(key, JSON.stringify(document));
  }

  async delete(key: string): Promise<void> {
    this.documents.delete(key);
  }

  async keys(prefix: string): Promise<string[]> {
    return [...this.documents.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}

/** Tables in maps, one for each name that is asked for. */
export function memoryTables(): Readonly<Record<string, KeyTable>> {
  const made = new Map<string, KeyTable>();
  return new Proxy({} as Record<string, KeyTable>, {
    get: (_, name: string) => {
      const table = made.get(name) ?? memoryTable();
      made.set(name, table);
      return table;
    },
  });
}

function memoryTable(): KeyTable {
  const items = new Map<string, Record<string, unknown>>();
  return {
    get: async <T extends object>(key: string) => items.get(key) as T | undefined,
    put: async (key, item, { ifNewerBy } = {}) => {
      const fields = item as Record<string, unknown>;
      const old = items.get(key);
      if (ifNewerBy !== undefined && old !== undefined && Number(old[ifNewerBy]) >= Number(fields[ifNewerBy]))
        return false;
      items.set(key, fields);
      return true;
    },
  };
}

export interface Harness {
  readonly app: App;
  readonly items: MemoryItems;
  readonly objects: MemoryObjects;
  /** Raw log lines, oldest first. */
  readonly lines: string[];
  put(id: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

export interface HarnessOptions {
  readonly items?: ItemRepository<Item>;
  readonly requestTimeoutSeconds?: number;
  readonly level?: LogLevel;
  /** The price calculator's cache. @default none: the stores are asked */
  readonly prices?: PriceCache;
  /** @default `standInCalls` */
  readonly calls?: StandInCalls;
}

/** A service's app over items in memory; `put` sends strings and bytes as they are, and anything else as JSON. */
export function harness(sample: Sample, options: HarnessOptions = {}): Harness {
  const lines: string[] = [];
  const items = new MemoryItems();
  const objects = new MemoryObjects();
  const { items: storage = items, requestTimeoutSeconds = 10, level = "info" } = options;
  const write = (line: string) => lines.push(line);
  const log = createLogger({ service: sample.name, level, write });
  // No request of these tests reaches a host outside.
  const settings = { variables: { CARRIER_URL: "http://127.0.0.1:9" }, secret: async () => "secret" };
  const calls = options.calls ?? standInCalls(sample.name);
  const idempotency: IdempotencyStore = { run: (_claim, work) => work() };
  const tables = memoryTables();
  const sessions = sessionStore({ service: sample.name, table: tables["sessions"]!, log });
  const { prices = { note: async () => {}, find: (_, ask) => ask() } } = options;
  const given = {
    items: storage,
    objects,
    tables,
    prices,
    settings,
    calls,
    idempotency,
    sessions,
    log,
    requestTimeoutSeconds,
  };
  const app = sample.createApp({ ...given, level, write } as never);
  return {
    app,
    items,
    objects,
    lines,
    put: async (id, body = sample.body, headers = { "content-type": "application/json" }) =>
      app.request(`${sample.collection}/${id}`, {
        method: "PUT",
        headers,
        body: typeof body === "string" || body instanceof Uint8Array ? (body as never) : JSON.stringify(body),
      }),
    get: async (path, headers = {}) => app.request(path, { headers }),
  };
}
