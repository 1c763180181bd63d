import type { HonoRequest } from "hono";
import type * as z from "zod";
import { readJson } from "./body";
import type { RouteDefinition } from "./contract";
import { HttpError } from "./errors";
import { itemId } from "./schemas";

/** Problems that one message lists at most. */
const maxListedIssues = 5;

/**
 * Reads and validates everything that a route takes from a request: path parameters, query parameters and body.
 * @throws {HttpError} 400 `invalid_id`, `invalid_query`, `invalid_body` or `id_mismatch`, and those of `readJson`
 */
export async function readInput(route: RouteDefinition, request: HonoRequest): Promise<object> {
  const params = readParams(request.param());
  const query = route.query && check(route.query, readQuery(request), "invalid_query", "query");
  const body = route.body && check(route.body, await readJson(request.raw), "invalid_body", "body");
  if (params.id !== undefined && typeof body?.id === "string" && body.id !== params.id) {
    throw new HttpError(400, "id_mismatch", "The id in the body must be the id in the path");
  }
  return { params, query, body };
}

function readParams(raw: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, check(itemId, value, "invalid_id", name) as string]),
  );
}

/**
 * Returns the query parameters; a repeated one as a list. The object has no prototype, so that `__proto__` is a name
 * like any other, which the schema then refuses as unknown.
 */
function readQuery(request: HonoRequest): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null);
  for (const [name, values] of Object.entries(request.queries())) {
    query[name] = values.length === 1 ? values[0] : values;
  }
  return query;
}

/** @throws {HttpError} 400 with `code`, when the value does not match the schema */
function check<S extends z.ZodType>(schema: S, value: unknown, code: string, subject: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const { issues } = result.error;
  throw new HttpError(
    400,
    code,
    issues
      .slice(0, maxListedIssues)
      .map((issue) => sentence(subject, issue))
      .join("; "),
  );
}

/** Describes one problem. It does not name unknown fields, because a message never contains what the client sent. */
function sentence(subject: string, issue: z.core.$ZodIssue): string {
  const path = issue.path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    subject,
  );
  return issue.code === "unrecognized_keys"
    ? `${path}: contains a field that is not allowed`
    : `${path}: ${issue.message}`;
}
