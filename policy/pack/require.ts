import { at, isTrue, show, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Context } from "./rule";

/** Reports a resource unless the property at a path is true. */
export function requireTrue(resource: Resource, { report }: Context, path: string, what: string): void {
  const value = at(resource.props, path);
  if (!isTrue(value)) report(resource, `must ${what}, got ${path} ${show(value)}`);
}

/** Reports a resource unless the property at a path is one of these. */
export function requireOneOf(
  resource: Resource,
  { report }: Context,
  path: string,
  allowed: readonly string[],
  what: string,
): void {
  const value = at(resource.props, path);
  if (!allowed.includes(text(value))) report(resource, `must ${what}, got ${path} ${show(value)}`);
}

/** Reports a resource that has nothing at a path. */
export function requirePresent(resource: Resource, { report }: Context, path: string, what: string): void {
  const value = at(resource.props, path);
  const empty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) report(resource, `must ${what}, got no ${path}`);
}
