import * as apigateway from "@pulumi/aws/apigateway";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";

/**
 * The role that API Gateway writes execution logs with, and the setting that names it. AWS has one per account and
 * region, shared by all REST and WebSocket APIs in it; access logs of HTTP APIs need none. The setting is protected, as
 * deleting it stops the logs of all those APIs.
 */
export class AccountLogging extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("platform:account:AccountLogging", name, {}, opts);
    const role = new iam.Role(
      logicalName(`${name}-role`, "role"),
      { assumeRolePolicy: iam.assumeRolePolicyForPrincipal({ Service: "apigateway.amazonaws.com" }) },
      { parent: this, protect: true },
    );
    const attachment = new iam.RolePolicyAttachment(
      `${name}-push`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs" },
      { parent: this, protect: true },
    );
    // API Gateway tests at once whether the role may write.
    new apigateway.Account(
      `${name}-setting`,
      { cloudwatchRoleArn: role.arn },
      { parent: this, protect: true, dependsOn: [attachment] },
    );
    this.registerOutputs({});
  }
}
