import type { Groups } from "../../infra/identity/triggers/grants";
import type { SignInConfig } from "./sign-in-schema";

/** Returns the scopes that each group grants, by name. @param all  every scope of the services */
export function grantedScopes(groups: NonNullable<SignInConfig["groups"]>, all: readonly string[]): Groups {
  return Object.fromEntries(
    Object.entries(groups).map(([name, { scopes }]) => [name, { scopes: scopes === "all" ? all : scopes }]),
  );
}
