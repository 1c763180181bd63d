import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutputs } from "../contract/layer-outputs";
import { createSecurityGroup } from "../traffic/security-group";

/** What a gateway needs to send requests through a VPC link. */
export interface VpcLinkOutputs {
  readonly id: pulumi.Input<string>;
  /** Security group of the link's network interfaces, the only one that backends let in. */
  readonly securityGroupId: pulumi.Input<string>;
}

/**
 * A VPC link (v2) with a network interface in every private subnet. AWS cannot change a link: when a subnet is added,
 * Pulumi makes a new link, moves the integrations to it and then deletes the old one, which is its default order.
 */
export class VpcLink extends pulumi.ComponentResource implements VpcLinkOutputs {
  readonly id: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: { readonly network: NetworkOutputs }, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:VpcLink", name, {}, opts);
    const group = createSecurityGroup(
      `${name}-group`,
      { vpcId: args.network.vpcId, description: "Interfaces of the gateways VPC link" },
      { parent: this },
    );
    const link = new apigatewayv2.VpcLink(
      `${name}-vpc-link`,
      { subnetIds: args.network.privateSubnetIds, securityGroupIds: [group.id] },
      { parent: this },
    );
    this.id = link.id;
    this.securityGroupId = group.id;
    this.registerOutputs({ id: this.id, securityGroupId: this.securityGroupId });
  }
}
