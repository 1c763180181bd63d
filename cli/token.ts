import { UserError } from "../graph/user-error";
import { type SignInOptions, signIn, type Tokens } from "../local/cognito/sign-in";
import { readEndpoint } from "../local/state/endpoints";
import { print } from "./print";
import { readState, runningConsole } from "./running-platform";

/** Options of the command `token`; `npm run token -- --help` describes them. */
export interface TokenOptions {
  readonly user: string;
  readonly tenant?: string;
  readonly scope?: readonly string[];
  /** Names of planned groups. */
  readonly group?: readonly string[];
  readonly state: string;
}

/**
 * Runs the command `token`: signs in at the platform that runs on this machine and prints the access token.
 * @throws {UserError} when no platform runs, or the sign-in is refused
 */
export async function token({ user, tenant, scope, group, state }: TokenOptions): Promise<void> {
  const issuerUrl = readEndpoint(state, "issuer");
  if (issuerUrl === undefined) {
    throw new UserError("no platform runs from this folder; start one with `npm start` in another terminal");
  }
  const options = {
    issuerUrl,
    user,
    ...(tenant && { tenant }),
    ...(scope && { scopes: scope }),
    ...(group && { groups: group }),
  };
  const tokens = await signInTo(state, options).catch((error: Error & { code?: string }) => {
    if (error instanceof UserError) throw error;
    if (error.code === "ECONNREFUSED") throw new UserError("the platform has stopped; start it with `npm start`");
    throw new UserError(`the sign-in at ${issuerUrl} cannot be used: ${error.message}; start the platform again`);
  });
  await print(tokens.accessToken);
}

/** Signs in; the first time makes the user, who is put into the tenant then, and the token of the second says so. */
async function signInTo(state: string, options: SignInOptions): Promise<Tokens> {
  const { user, tenant, issuerUrl } = options;
  if (tenant === undefined) return signIn(options);
  await signIn({ issuerUrl, user });
  await joinTenant(user, tenant, state);
  return signIn(options);
}

/** Makes the user a member of the tenant, as an administrator would, where the running platform has tenants. */
async function joinTenant(user: string, tenant: string, state: string): Promise<void> {
  const { outputs } = await readState(runningConsole(state));
  const identities = Object.values(
    (outputs as { identity?: Record<string, { memberTable?: string }> })?.identity ?? {},
  );
  if (identities[0]?.memberTable === undefined) return;
  const { addUser } = await import("./tenant/member.js");
  await addUser(tenant, user, { state, timeScale: 1 });
}
