import type { GraphIndex } from "../../graph/model";
import { userOf } from "../cognito/users";
import { AwsError } from "./aws-error";
import type { ServiceApi, ServiceCall } from "./service-call";

/**
 * AdminGetUser and DescribeUserPoolClient of Cognito on the planned user pools. Every user exists, as every name can sign
 * in on the local platform; its `sub` is the one that its tokens have.
 */
export function cognitoApi(index: GraphIndex): ServiceApi {
  const inRegion = (type: string, region: string) => index.ofType(type).filter((each) => each.region === region);
  const poolOf = (region: string, id: unknown) =>
    inRegion("aws:cognito/userPool:UserPool", region).find(({ outputs }) => outputs["id"] === id);
  const answer = ({ region, operation, body }: ServiceCall) => {
    const { UserPoolId: poolId, Username: name, ClientId: clientId } = body;
    const pool = poolOf(region, poolId);
    if (pool === undefined) throw new AwsError("ResourceNotFoundException", `User pool ${poolId} does not exist.`);
    switch (operation) {
      case "AdminGetUser": {
        if (typeof name !== "string" || name === "")
          throw new AwsError("InvalidParameterException", "Username is missing");
        const signInByEmail = (pool.outputs["usernameAttributes"] ?? []).includes("email");
        return userView(userOf({ id: poolId, signInByEmail }, name));
      }
      case "DescribeUserPoolClient": {
        const client = inRegion("aws:cognito/userPoolClient:UserPoolClient", region).find(
          ({ outputs }) => outputs["id"] === clientId && outputs["userPoolId"] === poolId,
        );
        if (client === undefined) {
          throw new AwsError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
        }
        return { UserPoolClient: clientView(client.outputs) };
      }
      default:
        throw new AwsError("UnknownOperationException", `the local AWS endpoint has no ${operation} of Cognito`);
    }
  };
  return {
    answer,
    asks: ({ region, operation, body }) => [
      {
        action: `cognito-idp:${operation}`,
        resource: poolOf(region, body["UserPoolId"])?.outputs["arn"] ?? "*",
      },
    ],
  };
}

function userView({ sub, username, email }: ReturnType<typeof userOf>): object {
  const attributes = { sub, ...(email === undefined ? {} : { email, email_verified: "true" }) };
  return {
    Username: username,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    Enabled: true,
    UserStatus: "CONFIRMED",
  };
}

function clientView(outputs: Readonly<Record<string, any>>): object {
  const units = outputs["tokenValidityUnits"] ?? {};
  return {
    UserPoolId: outputs["userPoolId"],
    ClientId: outputs["id"],
    ClientName: outputs["name"],
    AllowedOAuthFlows: outputs["allowedOauthFlows"] ?? [],
    AllowedOAuthFlowsUserPoolClient: outputs["allowedOauthFlowsUserPoolClient"] ?? false,
    ...(outputs["accessTokenValidity"] === undefined ? {} : { AccessTokenValidity: outputs["accessTokenValidity"] }),
    TokenValidityUnits: { AccessToken: units.accessToken ?? "hours" },
  };
}
