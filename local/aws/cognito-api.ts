import { isOpenOperation, UserPoolApi, userPoolOperations } from "../cognito/api/user-pool-api";
import { CognitoError } from "../cognito/cognito-error";
import { OAuthError } from "../cognito/oauth";
import type { UserPools } from "../cognito/user-pools";
import { AwsError } from "./aws-error";
import type { ServiceApi, ServiceCall } from "./service-call";

/** Finds a pool, by its domain: the one operation that names none. */
const describeDomain = "DescribeUserPoolDomain";

/** The user-pool API of the planned user pools. A pool is managed by calls that are signed for its region. */
export function cognitoApi(pools: UserPools): ServiceApi {
  const api = new UserPoolApi(pools);
  const poolOf = (region: string, id: unknown) => pools.pools.find((pool) => pool.id === id && pool.region === region);
  const answer = async ({ region, operation, body }: ServiceCall) => {
    if (operation === describeDomain) {
      const UserPoolId = pools.domains.get(`${region} ${body["Domain"]}`);
      // As on AWS, a domain that is not there has an empty description.
      return { DomainDescription: UserPoolId ? { Domain: body["Domain"], UserPoolId, Status: "ACTIVE" } : {} };
    }
    if (!isOpenOperation(operation) && poolOf(region, body["UserPoolId"]) === undefined) {
      throw new AwsError("ResourceNotFoundException", `User pool ${body["UserPoolId"]} does not exist.`);
    }
    try {
      return await api.answer(operation, body);
    } catch (error) {
      if (error instanceof CognitoError) throw new AwsError(error.name, error.message);
      if (error instanceof OAuthError)
        throw new AwsError("InvalidLambdaResponseException", "Unrecognizable lambda output");
      throw error;
    }
  };
  return {
    answer,
    operations: new Set([...userPoolOperations, describeDomain]),
    isOpen: isOpenOperation,
    asks: ({ region, operation, body }) => [
      { action: `cognito-idp:${operation}`, resource: poolOf(region, body["UserPoolId"])?.arn ?? "*" },
    ],
  };
}
