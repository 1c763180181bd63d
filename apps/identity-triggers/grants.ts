import type { PreTokenEvent } from "./pre-token";

/** Which scopes of services the groups of a user pool grant. */
export class Grants {
  /** @param scopes  scopes by group */
  constructor(private readonly scopes: ReadonlyMap<string, readonly string[]>) {}

  /** Returns the scopes that a token would have and that none of the user's groups grants. */
  withheld({ scopes, groupConfiguration }: PreTokenEvent["request"]): string[] {
    const granted = new Set(
      (groupConfiguration?.groupsToOverride ?? []).flatMap((group) => this.scopes.get(group) ?? []),
    );
    return (scopes ?? []).filter((scope) => isOfService(scope) && !granted.has(scope));
  }
}

/** Tells scopes of services, `<service>/<scope>`, from those of OpenID Connect and Cognito. */
function isOfService(scope: string): boolean {
  return scope.includes("/");
}

/**
 * Reads the variable GRANTS: scopes by group, as JSON. @example '{"editors":["food-store/write"]}'
 * @returns undefined when it is not set: groups then grant nothing and take nothing away
 * @throws {Error} one sentence when it has another form; the function does not start then, rather than issue tokens
 */
export function parseGrants(json: string | undefined): Grants | undefined {
  if (json === undefined || json === "") return undefined;
  const value = parsed(json);
  const valid =
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((each) => Array.isArray(each) && each.every((scope) => typeof scope === "string"));
  if (!valid || Array.isArray(value)) {
    throw new Error(
      'identity-triggers: GRANTS must be JSON such as {"editors": ["food-store/write"]}; deploy it again',
    );
  }
  return new Grants(new Map(Object.entries(value as Record<string, string[]>)));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
