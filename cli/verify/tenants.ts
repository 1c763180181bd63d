import { randomBytes } from "node:crypto";
import { signIn } from "../../local/cognito/sign-in";
import type { Tenants } from "../../verify/target";
import { addQuietly, removeQuietly } from "../tenant/change";
import { addUser } from "../tenant/member";

/**
 * Tenants of the platform that runs on this machine, made when their tier is asked for: one of each, with one user. Their
 * names are new, as the name of a removed tenant is not free before its last token ends.
 * @param state  folder of the running platform
 */
export function localTenants(state: string, issuerUrl: string): Tenants {
  const where = { state, timeScale: 1 };
  const run = randomBytes(4).toString("hex");
  const tokens = new Map<string, Promise<string>>();
  const nameOf = (tier: string) => `verify-${run}-${tier}`;
  const make = async (tier: string): Promise<string> => {
    const name = nameOf(tier);
    await addQuietly(name, { ...where, tier });
    // The first sign-in makes the user, who is put into the tenant then.
    await signIn({ issuerUrl, user: name });
    await addUser(name, name, where);
    return (await signIn({ issuerUrl, user: name, tenant: name, groups: "all" })).accessToken;
  };
  return {
    token(tier) {
      const token = tokens.get(tier) ?? make(tier);
      tokens.set(tier, token);
      return token;
    },
    async remove() {
      for (const tier of tokens.keys()) await removeQuietly(nameOf(tier), where);
    },
  };
}
