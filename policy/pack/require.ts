import { at, isTrue, show, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Context } from "./rule";

/** Reports a resource unless the property at a path is true; the fix sets it. */
export function requireTrue(
  resource: Resource,
  { report }: Pick<Context, "report">,
  path: string,
  what: string,
  fix = `set ${path} to true`,
): void {
  const value = at(resource.props, path);
  if (!isTrue(value)) report(resource, `must ${what}, got ${path} ${show(value)}`, fix);
}

/** Reports a resource unless the property at a path is one of these; the fix sets it to the first. */
export function requireOneOf(
  resource: Resource,
  { report }: Context,
  path: string,
  allowed: readonly string[],
  what: string,
  fix = `set ${path} to ${allowed.join(", ").replace(/, ([^,]*)$/, " or $1")}`,
): void {
  const value = at(resource.props, path);
  if (!allowed.includes(text(value))) report(resource, `must ${what}, got ${path} ${show(value)}`, fix);
}

/** Reports a resource that has nothing at a path. */
export function requirePresent(
  resource: Resource,
  { report }: Context,
  path: string,
  what: string,
  fix = `set ${path}`,
): void {
  const value = at(resource.props, path);
  const empty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) report(resource, `must ${what}, got no ${path}`, fix);
}
