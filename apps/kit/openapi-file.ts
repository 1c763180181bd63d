import * as z from "zod";
import { changeKinds } from "./definition";

/*
 * What an OpenAPI file may have to be the contract of a service. Every object is strict: what the platform does not do is
 * refused, and never left out without notice.
 */

/** Fields for people, in every place that OpenAPI has them. */
const prose = {
  description: z.string().optional(),
  externalDocs: z.unknown().optional(),
};

const throttle = z.strictObject({ rate: z.number().positive(), burst: z.int().positive() });
const schema = z.record(z.string(), z.unknown());

const parameter = z.strictObject({
  ...prose,
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, "must be letters and digits"),
  in: z.enum(["path", "query"], "must be path or query, as no route reads other headers or cookies"),
  required: z.boolean().optional(),
  schema,
  /** For people and tools that make requests of the document. */
  example: z.unknown().optional(),
});

/** One representation, JSON. */
const json = z.strictObject({ "application/json": z.strictObject({ schema, example: schema.optional() }) });

const operation = z.strictObject({
  ...prose,
  operationId: z.string().regex(/^[a-z]+(-[a-z0-9]+)*$/, "must be in kebab-case, such as put-review"),
  summary: z.string().min(1),
  tags: z.array(z.string()).optional(),
  deprecated: z.boolean().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ ...prose, required: z.literal(true), content: json }).optional(),
  /** Only the answer 200 is read; the others are for people. */
  responses: z.looseObject({ 200: z.strictObject({ ...prose, content: json }) }),
  "x-platform-throttle": throttle.optional(),
  "x-platform-access": z.literal("platform", "must be platform, or left out").optional(),
  "x-platform-idempotency": z.strictObject({ required: z.boolean(), exact: z.literal(true).optional() }).optional(),
});

const methods = {
  get: operation.optional(),
  put: operation.optional(),
  post: operation.optional(),
  patch: operation.optional(),
  delete: operation.optional(),
};

const described = z.strictObject({ description: z.string() });

/** `needs` of a contract in code, without uploads and sessions, which the kits of other languages do not have. */
const needs = z.strictObject({
  variables: z.record(z.string(), described.extend({ default: z.string() })).optional(),
  secrets: z.record(z.string(), described).optional(),
  egress: z.array(z.string()).optional(),
  bucket: z.strictObject({ expireAfterDays: z.number() }).optional(),
  tables: z
    .record(
      z.string(),
      z.strictObject({ hashKey: z.string(), expires: z.literal(true).optional(), home: z.literal(true).optional() }),
    )
    .optional(),
  schedules: z.record(z.string(), z.strictObject({ every: z.string(), route: z.string() })).optional(),
});

/** What OpenAPI has no words for. The fields are those of a contract in code; `defineService` checks their values. */
const platform = z.strictObject({
  name: z.string(),
  port: z.int(),
  table: z.strictObject({
    hashKey: z.string(),
    indexes: z.array(z.strictObject({ name: z.string(), hashKey: z.string() })).default([]),
  }),
  needs: needs.optional(),
  calls: z.record(z.string(), z.array(z.string())).optional(),
  publishes: z.boolean().optional(),
  consumes: z
    .record(z.string(), z.strictObject({ route: z.string(), kinds: z.array(z.enum(changeKinds)).optional() }))
    .optional(),
});

/** The same of a service by an outside image: configuration has its name and port, and it has a table if it asks for one. */
const outsidePlatform = platform
  .omit({ name: true, port: true, consumes: true })
  .partial({ table: true })
  .extend({ needs: needs.omit({ schedules: true }).optional() });

const document = z.strictObject({
  openapi: z
    .string()
    .regex(/^3\.0\.\d+$/, "must be a version 3.0, the newest that API Gateway imports; write the file in it"),
  info: z.looseObject({ title: z.string().min(1) }),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  tags: z.unknown().optional(),
  externalDocs: z.unknown().optional(),
  paths: z.record(z.string(), z.strictObject({ ...prose, summary: z.string().optional(), ...methods })),
  components: z.record(z.string(), z.unknown()).optional(),
});

/** Schema of an OpenAPI document that is the contract of a service, its references resolved. */
export const openApiFile = document.extend({ "x-platform-service": platform });
/** The same of a service by an outside image. */
export const outsideFile = document.extend({ "x-platform-service": outsidePlatform.default({}) });

/** What both kinds of documents have. */
export type OpenApiFile = z.output<typeof document>;
/** One operation of such a document. */
export type FileOperation = z.output<typeof operation>;
