import { isObject, type Json, type Schema } from "./schema";

/** Verbs of operations that the app can send. */
const methods = ["get", "put", "post", "patch", "delete"] as const;

/** A parameter of an operation, in its path, its query or its headers. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
  readonly example?: Json;
}

/** An operation of a service, as its published document has it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** @example "/food-store/foods/{id}" */
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** Schema and example of its body. @default unset, without a body */
  readonly body?: { readonly schema: Schema; readonly example: Json };
  /** Scopes that a token must have. @default empty: it is open to everyone */
  readonly scopes: readonly string[];
  /** Whether it needs a token, with these scopes or without any. */
  readonly needsToken: boolean;
}

/** The part of an OpenAPI document that the app reads. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, any>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, any>>>>;
}

/** Returns the operations of a document, in its order, without health checks. */
export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    methods
      .filter((method) => verbs[method] !== undefined && !/\/healthz(\/|$)/.test(path))
      .map((method) => operationOf(document, path, method, verbs[method])),
  );
}

function operationOf(document: OpenApi, path: string, method: string, operation: any): Operation {
  const content = operation.requestBody?.content?.["application/json"];
  const parameters: any[] = operation.parameters ?? [];
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? "",
    parameters: parameters
      .map((each) => resolve(document, each))
      .map((each) => ({ ...each, required: each.required === true, schema: schemaOf(document, each) })),
    ...(content === undefined
      ? {}
      : { body: { schema: resolve(document, content.schema), example: content.example ?? {} } }),
    scopes: (operation.security ?? []).flatMap((each: object) => Object.values(each).flat()),
    needsToken: (operation.security ?? []).length > 0,
  };
}

/** A header is described next to its schema; a form shows the description of the schema. */
function schemaOf(document: OpenApi, { in: place, description, schema = {} }: any): Schema {
  return { ...(place === "header" && { description }), ...resolve(document, schema) };
}

/** Returns a value of the document with its references replaced by what they name. */
function resolve(document: OpenApi, value: any): any {
  if (Array.isArray(value)) return value.map((each) => resolve(document, each));
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.$ref === "string") {
    const [, , kind, name] = value.$ref.split("/");
    return resolve(document, document.components?.[kind!]?.[name!] ?? {});
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(document, each)]));
}

/** What a person does with a service; the first operation of each kind is shown first. */
export type Task = "store" | "read" | "list";

/** Returns the operations that store, read and list the items of a service, where it has them. */
export function tasksOf(operations: readonly Operation[]): Partial<Record<Task, Operation>> {
  const store = operations.find(({ method, path }) => method === "PUT" && /\/\{\w+\}$/.test(path));
  const read = operations.find(({ method, path }) => method === "GET" && path === store?.path);
  const collection = store?.path.replace(/\/\{\w+\}$/, "");
  const list = operations.find(({ method, path }) => method === "GET" && path === collection);
  return { ...(store && { store }), ...(read && { read }), ...(list && { list }) };
}

/**
 * Returns an id for the example of a service: from its name, or from what the path calls an item.
 * @example exampleId({ path: "/food-store/foods/{id}", body: { example: { name: "Apple" } } }) // "apple-1"
 */
export function exampleId({ path, body }: Pick<Operation, "path" | "body">): string {
  const name = isObject(body?.example) ? body.example["name"] : undefined;
  const noun = path.split("/").at(-2)?.replace(/s$/, "") ?? "item";
  const word = typeof name === "string" ? name : noun;
  return `${word.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-1`;
}
