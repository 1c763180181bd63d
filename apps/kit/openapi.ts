import * as z from "zod";
import type { RouteDefinition, RouteDefinitions, ServiceDefinition } from "./definition";
import { keyPattern } from "./idempotent-route";
import { itemId } from "./schemas";

/** A JSON schema, or another part of an OpenAPI document, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** An OpenAPI document as plain data. */
export interface OpenApiDocument {
  readonly openapi: "3.0.3";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: JsonSchema;
}

const json = "application/json";
const errorReference = { $ref: "#/components/schemas/Error" };
const lines = "application/x-ndjson";

/** Returns the OpenAPI document of a service. It includes the routes that others answer, without their schemas. */
export function openApiDocument(definition: ServiceDefinition): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const add = (path: string, method: string, operation: JsonSchema) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const [id, route] of Object.entries(definition.routes)) {
    add(route.path, route.method, operation(definition.name, id, route));
  }
  for (const [id, route] of Object.entries(definition.legacy ?? {})) {
    const responses = { default: { description: "Answered outside the platform" } };
    add(route.path, route.method, { operationId: id, summary: route.summary, responses });
  }
  for (const [id, route] of Object.entries(definition.gateway ?? {})) {
    const responses = { 200: { description: "Answered by the REST API itself" } };
    const parameters = pathParameters(route);
    add(route.path, route.method, { operationId: id, summary: route.summary, parameters, responses });
  }
  return {
    openapi: "3.0.3",
    info: { title: definition.title, version: "1.0.0" },
    paths,
    components: {
      schemas: {
        Error: schema(z.strictObject({ code: z.string(), message: z.string() }), "output"),
      },
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      },
    },
  };
}

/** What a gateway can check of a request, as plain data. */
export interface RequestShape {
  /** JSON schema (draft 4) of the body. @default the route reads no body */
  readonly body?: JsonSchema;
  /** Query parameters that the route reads. */
  readonly query: readonly { readonly name: string; readonly required: boolean }[];
}

/** Returns what a gateway can check of the requests of each route, by route id. */
export function requestShapes(routes: RouteDefinitions): Readonly<Record<string, RequestShape>> {
  return Object.fromEntries(Object.entries(routes).map(([id, route]) => [id, requestShape(route)]));
}

function requestShape(route: RouteDefinition): RequestShape {
  return {
    ...(route.body && { body: z.toJSONSchema(route.body, { target: "draft-4", io: "input" }) as JsonSchema }),
    query: Object.entries(route.query?.shape ?? {}).map(([name, type]) => ({ name, required: isRequired(type) })),
  };
}

function isRequired(type: z.core.$ZodType): boolean {
  return !z.safeParse(type, undefined).success;
}

function operation(service: string, id: string, route: RouteDefinition): JsonSchema {
  const scope = `${service}/write`;
  return {
    operationId: id,
    summary: route.summary,
    ...(route.access === "write" && {
      description: `Needs an access token with the scope ${scope}.`,
      security: [{ accessToken: [] }],
    }),
    parameters: [...pathParameters(route), ...queryParameters(route), ...keyParameter(route)],
    ...(route.body && { requestBody: { required: true, content: content(route.body, "input", route.sample) } }),
    responses: {
      200: route.stream
        ? { description: "A line for each", content: { [lines]: { schema: schema(route.answer, "output") } } }
        : { description: "Done", content: content(route.answer, "output") },
      ...(route.idempotency && keyResponses),
      default: {
        description: "Refused or failed; `code` is stable, `message` is for people",
        content: { [json]: { schema: errorReference } },
      },
    },
  };
}

/**
 * The header of a route that takes idempotency keys.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
function keyParameter({ idempotency }: RouteDefinition): JsonSchema[] {
  if (idempotency === undefined) return [];
  const description = "One key per effect: a request that is sent again with it gets the same answer, for 24 hours.";
  const schema = { type: "string", minLength: 1, maxLength: 130, pattern: keyPattern };
  return [{ name: "Idempotency-Key", in: "header", required: idempotency.required, description, schema }];
}

function refusal(description: string, headers?: JsonSchema): JsonSchema {
  return { description, ...(headers && { headers }), content: { [json]: { schema: errorReference } } };
}

const keyResponses = {
  400: refusal("The key is missing or invalid, or the request is"),
  409: refusal("The first request with the key is not answered yet", {
    "Retry-After": { description: "Seconds to wait", schema: { type: "integer" } },
  }),
  422: refusal("The key was used with another body"),
};

function pathParameters(route: Pick<RouteDefinition, "path">): JsonSchema[] {
  return [...route.path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: schema(itemId, "input"),
  }));
}

function queryParameters(route: RouteDefinition): JsonSchema[] {
  return Object.entries(route.query?.shape ?? {}).map(([name, type]) => ({
    name,
    in: "query",
    required: isRequired(type),
    schema: schema(type, "input"),
  }));
}

function content(type: z.core.$ZodType, io: "input" | "output", example?: object): JsonSchema {
  return { [json]: { schema: schema(type, io), ...(example && { example }) } };
}

function schema(type: z.core.$ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(type, { target: "openapi-3.0", io }) as JsonSchema;
}
