import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type DeployLimits, deployPolicies, deployPolicyNames } from "./deploy-statements";

/** Arguments of `DeployPermissions`. */
export interface DeployPermissionsArgs {
  readonly roleName: pulumi.Input<string>;
  readonly account: pulumi.Input<string>;
  readonly regions: readonly string[];
  readonly stateBucketArn: pulumi.Input<string>;
  readonly stateKeyArn: pulumi.Input<string>;
  /** ARN of the permissions boundary that every role it makes must have. */
  readonly boundaryArn: pulumi.Input<string>;
}

/** The permissions of the deploy role: a policy per group of AWS services, one for roles and one for state. */
export class DeployPermissions extends pulumi.ComponentResource {
  constructor(name: string, { roleName, ...limits }: DeployPermissionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:account:DeployPermissions", name, {}, opts);
    const documents = pulumi.output(limits).apply(documentsOf);
    for (const group of deployPolicyNames) {
      const policy = new iam.Policy(
        `${name}-${group}`,
        {
          description: `What the deploy role may do: ${group}`,
          policy: documents.apply((texts) => texts[group]!),
        },
        { parent: this },
      );
      new iam.RolePolicyAttachment(
        `${name}-${group}-attachment`,
        { role: roleName, policyArn: policy.arn },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

function documentsOf(limits: DeployLimits): Record<string, string> {
  const documents = Object.entries(deployPolicies(limits)).map(([group, statements]) => [
    group,
    JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  ]);
  return Object.fromEntries(documents);
}
