import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutputs } from "../contract/layer-outputs";
import { createGroup } from "../traffic/security-group";

/** What a gateway needs to send requests through the link. */
export interface Link {
  readonly id: pulumi.Input<string>;
  /** Group of the link's interfaces; backends admit it and nothing else. */
  readonly securityGroupId: pulumi.Input<string>;
}

/**
 * A VPC link (v2) with an interface in every private subnet. AWS cannot change one: a new subnet makes a new link
 * first, moves the integrations and deletes the old one last, which is Pulumi's order unless told otherwise.
 */
export class VpcLink extends pulumi.ComponentResource implements Link {
  readonly id: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: { readonly network: NetworkOutputs }, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:VpcLink", name, {}, opts);
    const group = createGroup(
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
