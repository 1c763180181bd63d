import { once } from "node:events";
import { isOpenOperation, UserPoolApi, userPoolOperations } from "../cognito/api/user-pool-api";
import { CognitoError } from "../cognito/cognito-error";
import { OAuthError } from "../cognito/oauth";
import type { UserPools } from "../cognito/user-pools";
import type { Reach } from "../faults/cut-gateway";
import { AwsError, ConnectionLost } from "./aws-error";
import type { ServiceApi, ServiceCall } from "./service-call";

/** Finds a pool, by its domain: the one operation that names none. */
const describeDomain = "DescribeUserPoolDomain";

/** The user-pool API of the planned user pools. A pool is managed by calls that are signed for its region. */
export function cognitoApi(pools: UserPools, reach?: Reach): ServiceApi {
  const api = new UserPoolApi(pools);
  const poolOf = (region: string, id: unknown) => pools.pools.find((pool) => pool.id === id && pool.region === region);
  // A call that needs no signature names a client; the pool of a token is not looked at.
  const regionOf = ({ region, body }: ServiceCall) => region || pools.clients.get(body["ClientId"])?.pool.region;
  const answer = async (call: ServiceCall) => {
    const { region, operation, body } = call;
    await reached(reach, regionOf(call), call.gone);
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

/** @throws {ConnectionLost} for a region that is not reached; waits until the caller is gone where it says nothing */
async function reached(reach: Reach | undefined, region = "", gone?: AbortSignal): Promise<void> {
  const kind = reach?.fault(region);
  if (kind === undefined) return;
  if (kind === "hang" && gone && !gone.aborted) await once(gone, "abort");
  throw new ConnectionLost();
}
