import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allow, policyDocument } from "../../security/iam";
import { MAIN_STAGE } from "../rest/main-stage";
import { routeResource } from "../route-resource";
import type { Caller } from "./callers";

/** Arguments of `grantCalls`. */
export interface CallGrantsArgs {
  readonly callers: readonly Caller[];
  /** `arn:aws:execute-api:<region>:<account>:<api>`. */
  readonly executionArn: pulumi.Input<string>;
}

/**
 * Adds to the role of each caller that it may call its routes of the private API, by method and path. The role is the
 * compute layer's; this policy needs the id of the API, which only the edge layer knows.
 */
export function grantCalls(
  name: string,
  { callers, executionArn }: CallGrantsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const caller of callers) {
    const resources = caller.calls.map(
      ({ route }) => pulumi.interpolate`${executionArn}/${MAIN_STAGE}/${routeResource(route)}`,
    );
    new iam.RolePolicy(
      `${name}-${caller.name}-calls`,
      { role: caller.roleName, policy: policyDocument([allow(["execute-api:Invoke"], resources)]) },
      opts,
    );
  }
}
