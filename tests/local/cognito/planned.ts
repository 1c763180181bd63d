import { generateKeyPairSync } from "node:crypto";
import * as cognito from "@pulumi/aws/cognito";
import * as aws from "@pulumi/aws/provider";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";

/** The same keys for all tests: making one takes longer than most of them. */
export const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
export const keys = { access: privateKey, id: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey };
export const callback = "http://localhost:3000/callback";
export const signedOut = "http://localhost:3000/bye";

/** A pool with a web client (code + PKCE) and a service client (client credentials), as infra/identity plans them. */
export async function plannedIdentity(web: Partial<cognito.UserPoolClientArgs> = {}): Promise<GraphIndex> {
  return new GraphIndex(await capture(() => program(web)));
}

export const clientIdOf = (index: GraphIndex, name: string): string =>
  index.ofType("aws:cognito/userPoolClient:UserPoolClient").find((client) => client.name === name)!.outputs["id"];

export const issuerOf = (index: GraphIndex): string =>
  `https://${index.ofType("aws:cognito/userPool:UserPool")[0]!.outputs["endpoint"]}`;

function program(web: Partial<cognito.UserPoolClientArgs>): void {
  const opts = { provider: new aws.Provider("p", { region: "eu-west-1" }) };
  const pool = new cognito.UserPool("pool", { usernameAttributes: ["email"] }, opts);
  const server = new cognito.ResourceServer(
    "food-store",
    {
      userPoolId: pool.id,
      identifier: "food-store",
      scopes: [{ scopeName: "write", scopeDescription: "write in food-store" }],
    },
    opts,
  );
  const group = (name: string, precedence: number, role?: string) =>
    new cognito.UserGroup(
      name,
      {
        userPoolId: pool.id,
        name,
        precedence,
        ...(role && { roleArn: `arn:aws:iam::123456789012:role/${role}` }),
      },
      opts,
    );
  const groups = [group("staff", 5, "staff"), group("admins", 1, "admins"), group("readers", 0)];
  new cognito.UserInGroup(
    "grace-is-staff",
    { userPoolId: pool.id, groupName: "staff", username: "grace@example.com" },
    { ...opts, dependsOn: groups },
  );
  const shared = {
    userPoolId: pool.id,
    allowedOauthFlowsUserPoolClient: true,
    accessTokenValidity: 5,
    idTokenValidity: 6,
    refreshTokenValidity: 1,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  };
  new cognito.UserPoolClient(
    "web",
    {
      ...shared,
      generateSecret: false,
      allowedOauthFlows: ["code"],
      allowedOauthScopes: ["openid", "email", "food-store/write"],
      callbackUrls: [callback],
      logoutUrls: [signedOut],
      refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 10 },
      ...web,
    },
    { ...opts, dependsOn: server },
  );
  new cognito.UserPoolClient(
    "service",
    {
      ...shared,
      generateSecret: true,
      allowedOauthFlows: ["client_credentials"],
      allowedOauthScopes: ["food-store/write"],
    },
    { ...opts, dependsOn: server },
  );
}
