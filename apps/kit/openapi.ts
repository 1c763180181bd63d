import * as z from "zod";
import type { RouteDefinition, ServiceDefinition, WorkDefinition } from "./definition";
import { keyPattern } from "./idempotent-route";
import { itemId } from "./schemas";
import { sessionIdPattern } from "./session";

/** A JSON schema, or another part of an OpenAPI document, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** An OpenAPI document as plain data. */
export interface OpenApiDocument {
  readonly openapi: "3.0.3";
  readonly info: { readonly title: string; readonly version: string };
  /** Operations by path and by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  /** Components by kind (`schemas`, `responses`) and name. */
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
}

const json = "application/json";
const errorReference = { $ref: "#/components/schemas/Error" };
const lines = "application/x-ndjson";

/** Answers of a service other than 200: by status, the name of the component and what it says. */
const failures = {
  400: ["BadRequest", "The path, the query or the body is refused, as `code` says"],
  404: ["NotFound", "There is no such item or session"],
  413: ["TooLarge", "The body, or the item that it makes, is too large"],
  415: ["UnsupportedMediaType", "The body is not JSON in UTF-8, or is compressed"],
  500: ["Failed", "The service failed"],
  502: ["DependencyFailed", "What the service asked gave an answer that is not understood"],
  503: ["Unavailable", "What the service needs did not answer, or not in time; try again"],
} as const;

type FailureStatus = keyof typeof failures;

/**
 * Returns the OpenAPI document of what a service answers; `stacks/openapi` adds what its gateways do. It includes the
 * routes that others answer, without their schemas.
 * @param ownErrors  whether the service has errors of a form of its own, which the document then does not describe
 */
export function openApiDocument(definition: ServiceDefinition, ownErrors = false): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const add = (path: string, method: string, operation: JsonSchema) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  const values: object = Object.assign({}, ...Object.values(definition.routes).map(({ sample }) => sample));
  for (const [id, route] of Object.entries(definition.routes)) {
    add(route.path, route.method, operation(id, route, values, ownErrors));
  }
  for (const [id, route] of Object.entries(definition.legacy ?? {})) {
    const responses = { default: { description: "Answered outside the platform" } };
    const parameters = pathParameters(route);
    add(route.path, route.method, { operationId: id, summary: route.summary, parameters, responses });
  }
  for (const [id, route] of Object.entries(definition.work ?? {})) {
    add(route.path, route.method, workOperation(id, route));
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
        Error: schema(
          z.strictObject({
            code: z.string().describe("For programs; it does not change"),
            message: z.string().describe("For people"),
          }),
          "output",
        ),
      },
      responses: Object.fromEntries(
        Object.values(failures).map(([name, description]) => [
          name,
          { description, content: { [json]: { schema: { $ref: "#/components/schemas/Error" } } } },
        ]),
      ),
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
export function requestShapes(routes: Readonly<Record<string, ShapedRoute>>): Readonly<Record<string, RequestShape>> {
  return Object.fromEntries(Object.entries(routes).map(([id, route]) => [id, requestShape(route)]));
}

/** What a request may have of a route. */
type ShapedRoute = Pick<RouteDefinition, "body" | "query">;

function requestShape(route: ShapedRoute): RequestShape {
  return {
    ...(route.body && { body: z.toJSONSchema(route.body, { target: "draft-4", io: "input" }) as JsonSchema }),
    query: Object.entries(route.query?.shape ?? {}).map(([name, type]) => ({ name, required: isRequired(type) })),
  };
}

function isRequired(type: z.core.$ZodType): boolean {
  return !z.safeParse(type, undefined).success;
}

function workOperation(id: string, route: WorkDefinition): JsonSchema {
  return {
    operationId: id,
    summary: route.summary,
    requestBody: { required: true, content: content(route.body, "input", route.sample) },
    responses: {
      202: { description: "Taken on; it is done later" },
      // An HTTP API passes on what SQS says of a request without a body.
      400: { description: "There is no body, or it does not fit", content: { "text/xml": {} } },
      default: refusal("Not taken on"),
    },
  };
}

/** @param values  examples of query parameters by name: what the service's samples have */
function operation(id: string, route: RouteDefinition, values: object, ownErrors: boolean): JsonSchema {
  return {
    operationId: id,
    summary: route.summary,
    parameters: [...pathParameters(route), ...queryParameters(route, values), ...headerParameters(route)],
    ...(route.body && { requestBody: { required: true, content: content(route.body, "input", route.sample) } }),
    responses: {
      200: route.stream
        ? { description: "A line for each", content: { [lines]: { schema: schema(route.answer, "output") } } }
        : { description: "Done", content: content(route.answer, "output") },
      ...(ownErrors ? otherAnswers : failureResponses(route)),
      ...(route.session && !route.session.starts && { 409: busy }),
      ...(route.idempotency && keyResponses),
    },
  };
}

const otherAnswers = { default: { description: "Refused or failed, in the service's own form" } };

function failureResponses(route: RouteDefinition): JsonSchema {
  return Object.fromEntries(
    failuresOf(route).map((status) => [status, { $ref: `#/components/responses/${failures[status][0]}` }]),
  );
}

function failuresOf({ path, body, session }: RouteDefinition): FailureStatus[] {
  const found = path.includes("{") || (session && !session.starts);
  const large = body ? ([413, 415] as const) : session ? ([413] as const) : [];
  return [400, ...(found ? ([404] as const) : []), ...large, 500, 502, 503];
}

function headerParameters(route: RouteDefinition): JsonSchema[] {
  return [...keyParameter(route), ...sessionParameter(route)];
}

/** The header of a route that goes on with a session. */
function sessionParameter({ session }: RouteDefinition): JsonSchema[] {
  if (session === undefined || session.starts) return [];
  const description =
    "The session, by the id that its start answered. Another caller's is answered as one that is over.";
  const schema = { type: "string", minLength: 43, maxLength: 43, pattern: sessionIdPattern };
  return [{ name: "Session-Id", in: "header", required: true, description, schema }];
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

const busy = refusal("Another request with the key, or of the session, is not answered yet; try again", {
  "Retry-After": { description: "Seconds to wait", schema: { type: "integer" } },
});
const keyResponses = {
  409: busy,
  422: refusal("The key was used with another body"),
};

function pathParameters({ path, sampleParams = {} }: Pick<RouteDefinition, "path" | "sampleParams">): JsonSchema[] {
  return [...path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: schema(itemId, "input"),
    ...(sampleParams[name!] !== undefined && { example: sampleParams[name!] }),
  }));
}

function queryParameters(route: RouteDefinition, values: object): JsonSchema[] {
  return Object.entries(route.query?.shape ?? {}).map(([name, type]) => {
    const example = isRequired(type)
      ? z.safeParse(type, (values as Readonly<Record<string, unknown>>)[name])
      : undefined;
    return {
      name,
      in: "query",
      required: isRequired(type),
      schema: schema(type, "input"),
      ...(example?.success && { example: example.data }),
    };
  });
}

function content(type: z.core.$ZodType, io: "input" | "output", example?: object): JsonSchema {
  return { [json]: { schema: schema(type, io), ...(example && { example }) } };
}

function schema(type: z.core.$ZodType, io: "input" | "output"): JsonSchema {
  return z.toJSONSchema(type, { target: "openapi-3.0", io }) as JsonSchema;
}
