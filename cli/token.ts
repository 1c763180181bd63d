import { UserError } from "../graph/user-error";
import { signIn } from "../local/cognito/sign-in";
import { readEndpoint } from "../local/state/endpoints";
import { print } from "./print";

/** Options of the command `token`; `npm run token -- --help` describes them. */
export interface TokenOptions {
  readonly user: string;
  readonly tenant?: string;
  readonly scope?: readonly string[];
  readonly state: string;
}

/**
 * Runs the command `token`: signs in at the platform that runs on this machine and prints the access token.
 * @throws {UserError} when no platform runs, or the sign-in is refused
 */
export async function token({ user, tenant, scope, state }: TokenOptions): Promise<void> {
  const issuerUrl = readEndpoint(state, "issuer");
  if (issuerUrl === undefined) {
    throw new UserError("no platform runs from this folder; start one with `npm start` in another terminal");
  }
  const tokens = await signIn({
    issuerUrl,
    user,
    ...(tenant === undefined ? {} : { tenant }),
    ...(scope === undefined ? {} : { scopes: scope }),
  }).catch((error: Error & { code?: string }) => {
    if (error instanceof UserError) throw error;
    if (error.code === "ECONNREFUSED") throw new UserError("the platform has stopped; start it with `npm start`");
    throw new UserError(`the sign-in at ${issuerUrl} cannot be used: ${error.message}; start the platform again`);
  });
  await print(tokens.accessToken);
}
