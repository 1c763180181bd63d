import type { ServerOfItsOwn, TableSpec } from "./contract";
import type { RouteDefinition } from "./definition";
import { outsideFile } from "./openapi-file";
import { contractOf, type FileService, fileRoutes, type Refuse, readFile, refuserOf } from "./openapi-service";

/** The contract of a service by an outside image. */
export type OutsideContract = Omit<FileService, "table"> & { readonly table: TableSpec | undefined };

/** What configuration says of a service by an outside image, as far as its contract depends on it. */
export interface OutsideServer {
  /** Also the first segment of every path at the gateways. */
  readonly name: string;
  readonly port: number;
  /** Path at the server that says whether it works. @example "/health" */
  readonly healthPath: string;
  /** Path of the file, for messages. */
  readonly file: string;
}

/**
 * Makes the contract of a service that runs an image from outside: its server knows nothing of the platform. The file has the
 * paths of the server; the gateways have them below `/<service>`. See docs/outside-image.md.
 * @param document  contents of the file
 * @throws {Error} one sentence on the first thing that the platform cannot do
 */
export function outsideService(
  document: unknown,
  { name, port, healthPath, file: place }: OutsideServer,
): OutsideContract {
  const subject = `service "${name}": ${place}`;
  const file = readFile(outsideFile, document, subject);
  const refuse = refuserOf(subject);
  const routes = fileRoutes(file, refuse, (at, path) => {
    checkPath(at, path, refuse);
    return { path: `/${name}${path}`, serverPath: path };
  });
  for (const [id, { access, idempotency }] of Object.entries(routes)) {
    if (access === "platform" || idempotency !== undefined) {
      refuse(
        id,
        "a route of clients without keys, as its server has no kit",
        "x-platform-access or -idempotency",
        "remove it",
      );
    }
  }
  const { publishes, needs, table, ...platform } = file["x-platform-service"];
  if (table === undefined && (publishes || needs?.tables !== undefined)) {
    const rule = "a table, where the service publishes changes or needs further tables";
    refuse("x-platform-service.table", rule, null, "add one, or remove publishes and needs.tables");
  }
  const health = healthOf(routes, healthPath, refuse);
  const definition = { ...platform, publishes, needs, table, name, port, title: file.info.title };
  return contractOf({ ...definition, routes: without(routes, healthPath) }, { health });
}

/** Paths of servers have any case, but no word that a server or a proxy would read as another path. */
function checkPath(at: string, path: string, refuse: Refuse): void {
  if (!/^(\/([A-Za-z0-9_~-][A-Za-z0-9._~-]*|\{[a-z]+\}))+$/.test(path)) {
    refuse(at, "a path of words of letters, digits, . _ ~ and -, and of parameters such as {id}", path, "rename it");
  }
}

/** Returns what the operation of the health path answers. */
function healthOf(
  routes: Readonly<Record<string, RouteDefinition>>,
  healthPath: string,
  refuse: Refuse,
): ServerOfItsOwn["health"] {
  const route = Object.values(routes).find((each) => each.serverPath === healthPath && each.method === "GET");
  if (route === undefined || route.access !== "open" || route.query !== undefined) {
    const rule = "an operation without token and parameters, as it is the healthPath of the service";
    return refuse(
      `paths.${healthPath}.get`,
      rule,
      route === undefined ? null : route.access === "open" ? "parameters" : route.access,
      "add it, or correct healthPath",
    );
  }
  return { serverPath: healthPath, answer: route.answer };
}

/** Leaves out the operation of the health path, which the health routes of every service stand for. */
function without(routes: Readonly<Record<string, RouteDefinition>>, healthPath: string) {
  return Object.fromEntries(
    Object.entries(routes).filter(([, { serverPath, method }]) => serverPath !== healthPath || method !== "GET"),
  );
}
