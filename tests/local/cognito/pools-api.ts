import type { GraphIndex } from "../../../graph/model";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { cognitoApi } from "../../../local/aws/cognito-api";
import type { UserPools } from "../../../local/cognito/user-pools";
import { replanned } from "../../conformance/plans";
import { operatorOnly } from "../helpers/access";

/** Starts the address of AWS with the API of user pools alone, which the operator may call. */
export async function startPoolsApi(index: GraphIndex, pools: UserPools): Promise<AwsEndpoint> {
  const apis = () => ({ "cognito-idp": cognitoApi(pools) });
  const endpoint = new AwsEndpoint(index, { usagePlans: () => undefined, access: operatorOnly, apis, log: () => {} });
  await endpoint.start();
  return endpoint;
}

/** Plans prod with a user pool in each region, and the group `editors`. */
export function plannedPools(): Promise<GraphIndex> {
  return replanned("prod", ({ signIn }) => {
    Object.assign(signIn, { regions: "each", secondFactor: "off", groups: { editors: { scopes: [] } } });
  });
}
