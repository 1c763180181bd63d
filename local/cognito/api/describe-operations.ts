import type { AppClient } from "../clients";
import { CognitoError } from "../cognito-error";
import type { Directory } from "../directory/directory";
import type { UserPools } from "../user-pools";
import type { Operation } from "./public-operations";

/** Operations that describe what is planned. */
export const describeOperations: Readonly<Record<string, Operation<{ pools: UserPools; directory: Directory }>>> = {
  DescribeUserPoolClient({ pools, directory: { pool } }, body) {
    const client = pools.clients.get(body["ClientId"]);
    if (client === undefined || client.pool !== pool) {
      throw new CognitoError("ResourceNotFoundException", `User pool client ${body["ClientId"]} does not exist.`);
    }
    return {
      UserPoolClient: {
        UserPoolId: pool.id,
        ClientId: client.id,
        ClientName: client.name,
        ...(client.secret !== undefined && { ClientSecret: client.secret }),
        ExplicitAuthFlows: client.authFlows,
        AllowedOAuthFlows: client.flows,
        AllowedOAuthFlowsUserPoolClient: client.flows.length > 0,
        AllowedOAuthScopes: client.scopes,
        CallbackURLs: client.callbackUrls,
        LogoutURLs: client.logoutUrls,
        SupportedIdentityProviders: client.providers,
        PreventUserExistenceErrors: client.hidesUsers ? "ENABLED" : "LEGACY",
        ...lifetimeOf(client),
      },
    };
  },
};

/** Returns the lifetime of access tokens in the largest unit that gives a whole number. */
function lifetimeOf({ plannedAccessSeconds: accessSeconds }: AppClient): object {
  const inMinutes = accessSeconds % 60 === 0;
  return {
    AccessTokenValidity: inMinutes ? accessSeconds / 60 : accessSeconds,
    TokenValidityUnits: { AccessToken: inMinutes ? "minutes" : "seconds" },
  };
}
