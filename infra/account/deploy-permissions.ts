import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type DeployScope, deployPolicies, policyGroups } from "./deploy-statements";

export interface DeployPermissionsArgs {
  readonly roleName: pulumi.Input<string>;
  readonly account: pulumi.Input<string>;
  readonly regions: readonly string[];
  readonly stateBucketArn: pulumi.Input<string>;
  readonly stateKeyArn: pulumi.Input<string>;
  /** Policy that bounds every role it makes. */
  readonly boundaryArn: pulumi.Input<string>;
}

/** What the deploy role may do: a policy per group of services, one for roles and one for state. */
export class DeployPermissions extends pulumi.ComponentResource {
  constructor(name: string, { roleName, ...scope }: DeployPermissionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:account:DeployPermissions", name, {}, opts);
    const documents = pulumi.output(scope).apply(documentsOf);
    for (const group of policyGroups) {
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

function documentsOf(scope: DeployScope): Record<string, string> {
  const documents = Object.entries(deployPolicies(scope)).map(([group, statements]) => [
    group,
    JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  ]);
  return Object.fromEntries(documents);
}
