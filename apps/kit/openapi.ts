import * as z from "zod";
import type { RouteDefinition, RouteDefinitions, ServiceDefinition } from "./definition";
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

/** Returns the OpenAPI document of a service. It includes the legacy routes, without their schemas. */
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

/** Returns the JSON schema (draft 4) of each request body, by route id; routes without a body have none. */
export function requestModels(routes: RouteDefinitions): Readonly<Record<string, JsonSchema>> {
  const bodies = Object.entries(routes).flatMap(([id, route]) => (route.body ? [[id, route.body] as const] : []));
  return Object.fromEntries(
    bodies.map(([id, body]) => [id, z.toJSONSchema(body, { target: "draft-4", io: "input" }) as JsonSchema]),
  );
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
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body && { requestBody: { required: true, content: content(route.body, "input", route.sample) } }),
    responses: {
      200: { description: "Done", content: content(route.answer, "output") },
      default: {
        description: "Refused or failed; `code` is stable, `message` is for people",
        content: { [json]: { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function pathParameters(route: RouteDefinition): JsonSchema[] {
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
    required: !z.safeParse(type, undefined).success,
    schema: schema(type, "input"),
  }));
}

function content(type: z.core.$ZodType, io: "input" | "output", example?: object): JsonSchema {
  return { [json]: { schema: schema(type, io), ...(example && { example }) } };
}

function schema(type: z.core.$ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(type, { target: "openapi-3.0", io }) as JsonSchema;
}
