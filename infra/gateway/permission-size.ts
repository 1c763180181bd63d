import type { RouteSpec } from "../contract/service";

/** The longest values of a statement that Lambda writes for a permission: names of regions, functions and statements. */
const longest = {
  Sid: `terraform-${"0".repeat(26)}`,
  region: "ap-southeast-1",
  account: "0".repeat(12),
  name: "f".repeat(64),
  api: "a".repeat(10),
  stage: "$default",
} as const;

/**
 * Returns the bytes that the permission of a route takes in the policy of a function's alias, at most. Lambda limits the
 * policy, and refuses the permission that goes over it in the middle of a deployment.
 */
export function permissionBytes({ method, path }: Pick<RouteSpec, "method" | "path">): number {
  const { Sid, region, account, name, api, stage } = longest;
  const statement = {
    Sid,
    Effect: "Allow",
    Principal: { Service: "apigateway.amazonaws.com" },
    Action: "lambda:InvokeFunction",
    Resource: `arn:aws:lambda:${region}:${account}:function:${name}:live`,
    Condition: {
      ArnLike: { "AWS:SourceArn": `arn:aws:execute-api:${region}:${account}:${api}/${stage}/${method}${path}` },
    },
  };
  return Buffer.byteLength(JSON.stringify(statement)) + 1;
}
