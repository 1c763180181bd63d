import * as z from "zod";
import {
  defineService,
  type HealthRoutes,
  readThrottle,
  type ServerOfItsOwn,
  type Service,
  writeThrottle,
} from "./contract";
import type {
  Idempotency,
  Method,
  RouteDefinition,
  RouteDefinitions,
  ServiceCalls,
  ServiceDefinition,
} from "./definition";
import { type FileOperation, type OpenApiFile, openApiFile } from "./openapi-file";
import { resolveReferences } from "./openapi-references";

type Schema = Readonly<Record<string, unknown>>;
/** Refuses a part of the file. @param at  where it is, such as `paths./reviews/reviews.get` */
export type Refuse = (at: string, rule: string, got: unknown, fix: string) => never;
/** A service whose contract is a file. */
export type FileService = Service<RouteDefinitions & HealthRoutes, ServiceCalls>;

/** Name of the scheme by which an operation asks for a token. */
const tokenScheme = "accessToken";

/**
 * Makes the contract of a service from an OpenAPI 3.0 document, for a service that is written in another language or that
 * has its API as a file; see docs/another-language.md.
 * @param document  contents of `apps/<service>/openapi.json`
 * @throws {Error} one sentence on the first thing that the platform cannot do
 * @example openApiService(require("./reviews/openapi.json"))
 */
export function openApiService(document: unknown): FileService {
  const named = (document as { "x-platform-service"?: { name?: unknown } } | undefined)?.["x-platform-service"]?.name;
  const file = readFile(
    openApiFile,
    document,
    typeof named === "string" ? `service "${named}": openapi.json` : "openapi.json",
  );
  const { name, ...platform } = file["x-platform-service"];
  const refuse = refuserOf(`service "${name}": openapi.json`);
  const routes = fileRoutes(file, refuse, (at, path) => {
    checkPath(at, path, name, refuse);
    return { path };
  });
  return contractOf({ ...platform, name, title: file.info.title, routes });
}

/** Makes the contract of what a file says. @param own  of a server that does not come with the kit */
export function contractOf(definition: object, own?: ServerOfItsOwn): FileService {
  return defineService(definition as ServiceDefinition<RouteDefinitions, ServiceCalls>, own);
}

/** Returns the function that refuses parts of a file. @param subject  the service and its file */
export function refuserOf(subject: string): Refuse {
  return (at, rule, got, fix) => {
    throw new Error(`${subject} ${at} must be ${rule}, got ${JSON.stringify(got)}; ${fix}`);
  };
}

/**
 * Reads a document by its schema.
 * @param subject  first words of an error: the service and its file
 * @throws {Error} one sentence on the first part that is not as the schema demands
 */
export function readFile<Of extends z.ZodType>(schema: Of, document: unknown, subject: string): z.output<Of> {
  const file = schema.safeParse(resolveReferences(document, subject), { reportInput: true });
  if (file.success) return file.data;
  const [issue] = file.error.issues;
  const at = issue!.path.map(String).join(".") || "the document";
  const { message } = issue!;
  const rule = message.startsWith("must ") ? message : `is not as the platform reads it (${message})`;
  throw new Error(`${subject} ${at} ${rule}; see docs/another-language.md for what a file may have`);
}

/**
 * Returns the routes of a document, by id.
 * @param place  returns where a route of the file is at the gateways, and at the server if that differs; refuses bad paths
 */
export function fileRoutes(
  file: OpenApiFile,
  refuse: Refuse,
  place: (at: string, path: string) => Pick<RouteDefinition, "path" | "serverPath">,
): Readonly<Record<string, RouteDefinition>> {
  const routes = Object.entries(file.paths).flatMap(([path, operations]) =>
    (["get", "put", "post", "patch", "delete"] as const).flatMap((method) => {
      const operation = operations[method];
      if (operation === undefined) return [];
      const at = `paths.${path}.${method}`;
      const route = { ...place(at, path), ...routeOf(file, { at, path, method, operation, refuse }) };
      return [[operation.operationId, route] as const];
    }),
  );
  const ids = routes.map(([id]) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) refuse("operationId", "different in each operation", twice, "rename one of them");
  return Object.fromEntries(routes);
}

function checkPath(at: string, path: string, service: string, refuse: Refuse): void {
  if (!/^(\/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+\}))+$/.test(path) || !path.startsWith(`/${service}/`)) {
    refuse(at, `a path below /${service}/ of kebab-case words and parameters such as {id}`, path, "rename it");
  }
  if (path.startsWith(`/${service}/healthz`)) {
    refuse(at, "other than the health routes, which every service gets", path, "take it out of the file");
  }
}

/** One operation, and where it is. */
interface Operation {
  readonly at: string;
  readonly path: string;
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  readonly operation: FileOperation;
  readonly refuse: Refuse;
}

function routeOf(file: OpenApiFile, each: Operation): Omit<RouteDefinition, "path"> {
  const { at, operation, refuse } = each;
  const method = each.method.toUpperCase() as Method;
  const { requestBody, "x-platform-throttle": throttle, "x-platform-idempotency": idempotency } = operation;
  const content = requestBody?.content["application/json"];
  if (content !== undefined && (method === "GET" || method === "DELETE")) {
    refuse(`${at}.requestBody`, `absent, as a ${method} has no body`, "a body", "remove it, or use another method");
  }
  const answer = operation.responses[200].content["application/json"];
  const query = queryOf(each);
  return {
    method,
    summary: operation.summary,
    access: accessOf(file, each),
    throttle: throttle ?? (method === "GET" ? readThrottle : writeThrottle),
    ...(query && { query }),
    ...(content && bodyOf(`${at}.requestBody`, content, operation["x-platform-access"] === "platform", refuse)),
    ...(idempotency && { idempotency: idempotency as Idempotency }),
    answer: objectOf(`${at}.responses.200`, answer.schema, refuse),
  };
}

/** Returns whether an operation asks for a token: its own security counts, else that of the whole file. */
function accessOf(file: OpenApiFile, { at, operation, refuse }: Operation): RouteDefinition["access"] {
  if (operation["x-platform-access"] !== undefined) return operation["x-platform-access"];
  const security = operation.security ?? file.security ?? [];
  if (security.length === 0) return "open";
  const [only] = security;
  const asksForToken = security.length === 1 && JSON.stringify(only) === JSON.stringify({ [tokenScheme]: [] });
  const schemes = file.components?.["securitySchemes"] as
    | Record<string, { type?: string; scheme?: string }>
    | undefined;
  const { type, scheme } = schemes?.[tokenScheme] ?? {};
  if (!asksForToken || type !== "http" || scheme !== "bearer") {
    const rule = `[] or [{"${tokenScheme}": []}], with ${tokenScheme} as a bearer scheme of components`;
    refuse(
      `${at}.security`,
      rule,
      security,
      "an access token with the scope <service>/write is all that a route can ask",
    );
  }
  return "write";
}

/** Checks that the parameters of the path are listed as ids, and returns the schema of the query. */
function queryOf({ at, path, operation, refuse }: Operation): z.ZodObject | undefined {
  const { parameters = [] } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const listed = parameters.filter((each) => each.in === "path").map(({ name }) => name);
  if (JSON.stringify(listed) !== JSON.stringify(inPath)) {
    refuse(
      `${at}.parameters`,
      `those of the path in its order (${inPath.join(", ") || "none"})`,
      listed,
      "correct them",
    );
  }
  const query = parameters.filter((each) => each.in === "query");
  if (query.length === 0) return undefined;
  return objectOf(
    `${at}.parameters`,
    {
      type: "object",
      properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
      required: query.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    },
    refuse,
  );
}

function bodyOf(
  at: string,
  { schema, example }: { readonly schema: Schema; readonly example?: Schema | undefined },
  ofMessage: boolean,
  refuse: Refuse,
): Pick<RouteDefinition, "body" | "sample"> {
  const body = objectOf(at, schema, refuse);
  // A message may have fields that its consumer does not know yet, and nothing but the platform sends one.
  if (ofMessage) return { body };
  refuseOpenObjects(at, schema, refuse);
  if (example === undefined || !body.safeParse(example).success || "id" in example) {
    const rule = "a content with an example that matches its schema and has no id";
    refuse(at, rule, example ?? null, "correct the example: `npm run verify` stores it");
  }
  return { body, sample: example! };
}

/** Refuses schemas of bodies that take fields they do not name: no validator would notice a misspelt one. */
function refuseOpenObjects(at: string, schema: unknown, refuse: Refuse): void {
  if (typeof schema !== "object" || schema === null) return;
  const { type, additionalProperties } = schema as Schema;
  if (type === "object" && additionalProperties !== false) {
    refuse(at, "made of objects with additionalProperties: false", additionalProperties ?? null, "close the object");
  }
  for (const each of Object.values(schema)) refuseOpenObjects(at, each, refuse);
}

function objectOf(at: string, schema: Schema, refuse: Refuse): z.ZodObject {
  const converted = convert(at, schema, refuse);
  return converted instanceof z.ZodObject
    ? converted
    : refuse(at, "a schema of type object", schema["type"] ?? null, "put the value into a field of an object");
}

function convert(at: string, schema: Schema, refuse: Refuse): z.ZodType {
  try {
    return z.fromJSONSchema(withoutExtensions(schema) as never, { defaultTarget: "openapi-3.0" });
  } catch (error) {
    return refuse(at, "a schema of the keywords that are read", (error as Error).message, "write it without them");
  }
}

/** A schema without `x-` fields, which would go into the models of a REST API. */
function withoutExtensions(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutExtensions);
  if (typeof schema !== "object" || schema === null) return schema;
  const fields = Object.entries(schema).filter(([key]) => !key.startsWith("x-"));
  return Object.fromEntries(fields.map(([key, value]) => [key, withoutExtensions(value)]));
}
