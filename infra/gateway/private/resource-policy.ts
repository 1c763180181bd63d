import type { Input } from "@pulumi/pulumi";
import { MAIN_STAGE } from "../rest/main-stage";
import { routeResource } from "../route-resource";
import type { Caller } from "./callers";

/** Arguments of `callersPolicy`. */
interface CallersPolicyArgs {
  readonly callers: readonly Pick<Caller, "calls" | "roleArn">[];
  /** Id of the endpoint that every request must have come through. */
  readonly endpointId: Input<string>;
}

/**
 * Returns the resource policy of the private API: each calling role may request the routes that its service calls. In one
 * account the allowance of a role's own policy would be enough, so all other principals are denied by name, as is what did
 * not come through the endpoint. A request without a signature has no `aws:PrincipalArn` and is denied too.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function callersPolicy({ callers, endpointId }: CallersPolicyArgs) {
  const invoke = { Action: "execute-api:Invoke" } as const;
  const deniedUnless = (key: string, values: Input<string> | Input<string>[]) => ({
    Effect: "Deny",
    Principal: "*",
    ...invoke,
    Resource: "execute-api:/*",
    Condition: { StringNotEquals: { [key]: values } },
  });
  return {
    Version: "2012-10-17",
    Statement: [
      ...callers.map(({ roleArn, calls }) => ({
        Effect: "Allow",
        Principal: { AWS: roleArn },
        ...invoke,
        // API Gateway adds the API's ARN, which is not known before the API is made.
        Resource: calls.map(({ route }) => `execute-api:/${MAIN_STAGE}/${routeResource(route)}`),
      })),
      deniedUnless(
        "aws:PrincipalArn",
        callers.map(({ roleArn }) => roleArn),
      ),
      deniedUnless("aws:SourceVpce", endpointId),
    ],
  };
}
