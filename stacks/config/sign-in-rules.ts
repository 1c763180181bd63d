import type { ServiceContract } from "../../apps/kit/contract";
import { functionQuotas } from "../../infra/gateway/quotas";
import { grantsVariable } from "../../infra/identity/triggers/grants";
import { type ConfigProblem, formatValue } from "./problems";
import type { SignInConfig } from "./sign-in-schema";

type Problems = Iterable<ConfigProblem>;

/** Bytes of the table of groups and scopes: what the trigger's other variables leave of all that a function takes. */
const GRANT_BYTES = functionQuotas.variables.value - 1_096;

/** Returns the problems of signing in that no value shows alone. @param contracts  the services that exist, by name */
export function signInProblems(
  signIn: SignInConfig,
  contracts: Readonly<Record<string, ServiceContract>>,
): ConfigProblem[] {
  return [...groupProblems(signIn, contracts), ...signUpProblems(signIn)];
}

function* groupProblems({ groups = {} }: SignInConfig, contracts: Readonly<Record<string, ServiceContract>>): Problems {
  const routes = Object.values(contracts).flatMap(({ routes, legacyRoutes }) => [...routes, ...legacyRoutes]);
  const known = [...new Set(routes.flatMap(({ scopes }) => scopes))].sort();
  for (const [name, { scopes }] of Object.entries(groups)) {
    for (const [i, scope] of scopes.entries()) {
      if (known.includes(scope)) continue;
      yield {
        path: `signIn.groups.${name}.scopes[${i}]`,
        text: `must be a scope of a service (${known.join(", ")}), got ${formatValue(scope)}; correct it`,
      };
    }
  }
  const bytes = Buffer.byteLength(grantsVariable(groups));
  if (bytes > GRANT_BYTES) {
    yield {
      path: "signIn.groups",
      text: `must be at most ${GRANT_BYTES} bytes together, which the trigger's variables take, got ${bytes}; join groups, or shorten their names`,
    };
  }
}

function* signUpProblems({ groups, signUp }: SignInConfig): Problems {
  if (signUp.group === undefined || (groups !== undefined && Object.hasOwn(groups, signUp.group))) return;
  const names = Object.keys(groups ?? {});
  yield {
    path: "signIn.signUp.group",
    text: `must be a group of signIn.groups (${names.join(", ") || "none"}), got ${formatValue(signUp.group)}; add it there`,
  };
}
