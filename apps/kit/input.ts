import type { HonoRequest } from "hono";
import type * as z from "zod";
import { readJson } from "./body";
import type { RouteDefinition } from "./contract";
import { HttpError } from "./errors";
import { itemId } from "./schemas";

const shownIssues = 5;

/**
 * Validates everything a route takes from a request.
 * @throws {HttpError} 400 `invalid_id`, `invalid_query`, `invalid_body` or `id_mismatch`, and those of `readJson`
 */
export async function readInput(route: RouteDefinition, request: HonoRequest): Promise<unknown> {
  const params = readParams(request.param());
  const query = route.query && check(route.query, readQuery(request), "invalid_query", "query");
  const body = route.body && check(route.body, await readJson(request.raw), "invalid_body", "body");
  if (typeof body?.id === "string" && body.id !== params.id) {
    throw new HttpError(400, "id_mismatch", "The id in the body must be the id in the path");
  }
  return { params, query, body };
}

function readParams(raw: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, check(itemId, value, "invalid_id", name) as string]),
  );
}

/** Null prototype, because `__proto__` is a parameter name like any other; the schema then refuses it as unknown. */
function readQuery(request: HonoRequest): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null);
  for (const [name, values] of Object.entries(request.queries())) {
    query[name] = values.length === 1 ? values[0] : values;
  }
  return query;
}

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
      .slice(0, shownIssues)
      .map((issue) => sentence(subject, issue))
      .join("; "),
  );
}

/** Unknown fields are not named: the name is the client's text, and nothing of that is echoed. */
function sentence(subject: string, issue: z.core.$ZodIssue): string {
  const path = issue.path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    subject,
  );
  return issue.code === "unrecognized_keys"
    ? `${path}: holds a field that is not allowed`
    : `${path}: ${issue.message}`;
}
