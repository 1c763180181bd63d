import type { Input } from "@pulumi/pulumi";
import { MAIN_STAGE } from "../rest/main-stage";
import { routeResource } from "../route-resource";
import type { Caller, OutsideCaller } from "./callers";

/** Arguments of `callersPolicy`. */
interface CallersPolicyArgs {
  readonly callers: readonly Pick<Caller, "calls" | "roleArn">[];
  /** Id of the endpoint that every request of a service must have come through. */
  readonly endpointId: Input<string>;
  /** Those who call from another account or VPC, each through its own endpoint. @default none */
  readonly outside?: readonly OutsideCaller[];
}

/**
 * Returns the resource policy of the private API: each calling role may request the routes that its service calls, and
 * one from outside those that configuration gives it, through its endpoint alone. In one account the allowance of a
 * role's own policy would be enough, so all other principals are denied by name, as is what did not come through an
 * admitted endpoint. A request without a signature has no `aws:PrincipalArn` and is denied too.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function callersPolicy({ callers, endpointId, outside = [] }: CallersPolicyArgs) {
  const invoke = { Action: "execute-api:Invoke" } as const;
  const denied = (condition: object) => ({
    Effect: "Deny",
    Principal: "*",
    ...invoke,
    Resource: "execute-api:/*",
    Condition: condition,
  });
  const deniedUnless = (key: string, values: Input<string> | Input<string>[]) =>
    denied({ StringNotEquals: { [key]: values } });
  const allowed = ({ roleArn, calls }: Pick<Caller, "calls" | "roleArn">) => ({
    Effect: "Allow",
    Principal: { AWS: roleArn },
    ...invoke,
    // API Gateway adds the API's ARN, which is not known before the API is made.
    Resource: calls.map(({ route }) => `execute-api:/${MAIN_STAGE}/${routeResource(route)}`),
  });
  return {
    Version: "2012-10-17",
    Statement: [
      ...callers.map(allowed),
      ...outside.map(allowed),
      deniedUnless(
        "aws:PrincipalArn",
        [...callers, ...outside].map(({ roleArn }) => roleArn),
      ),
      deniedUnless("aws:SourceVpce", admittedEndpoints(endpointId, outside)),
      ...outside.map((caller) =>
        denied({
          StringEquals: { "aws:PrincipalArn": caller.roleArn },
          StringNotEquals: { "aws:SourceVpce": caller.endpointId },
        }),
      ),
    ],
  };
}

/** Returns the endpoints that a private API, or its name, is reached through: one, or the region's own and those outside. */
export function admittedEndpoints(
  own: Input<string>,
  outside: readonly Pick<OutsideCaller, "endpointId">[],
): Input<string> | Input<string>[] {
  return outside.length === 0 ? own : [own, ...new Set(outside.map(({ endpointId }) => endpointId))];
}
