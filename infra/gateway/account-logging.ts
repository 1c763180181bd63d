import * as apigateway from "@pulumi/aws/apigateway";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

/**
 * The role API Gateway writes execution logs with: one per account and region, shared by every API in it. Retained
 * when the stack is destroyed, as clearing it would stop the logs of APIs that are not ours.
 */
export class AccountLogging extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:AccountLogging", name, {}, opts);
    const retained = { parent: this, retainOnDelete: true };
    const role = new iam.Role(
      `${name}-role`,
      { assumeRolePolicy: iam.assumeRolePolicyForPrincipal({ Service: "apigateway.amazonaws.com" }) },
      retained,
    );
    const attachment = new iam.RolePolicyAttachment(
      `${name}-push`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs" },
      retained,
    );
    new apigateway.Account(
      `${name}-account`,
      { cloudwatchRoleArn: role.arn },
      { ...retained, dependsOn: [attachment] },
    );
    this.registerOutputs({});
  }
}
