import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { createListener, createTargetGroup, listenerBackend } from "../../balancer/service-listener";
import type { ListenerBackend } from "../../contract/backend";
import { accountIdOf, createRole, tableStatements } from "../../security/iam";
import { artifactKey, uploadArtifact } from "../artifact";
import { instanceTypes } from "../instance-types";
import {
  type ComputePattern,
  type PatternInputs,
  type RunningService,
  requireArtifactBucket,
  requireBalancer,
} from "../pattern";
import { ownedByService } from "../regional-service";
import { admitBalancer, createServerSecurityGroup } from "../server-security-group";
import { parameterVariables, secretStatements } from "../service-grants";
import { serverVariables } from "../service-variables";

/** What runs a service under the pattern `template`: a Spot Fleet behind the shared balancer, to be replaced. */
class TemplateService extends pulumi.ComponentResource implements RunningService {
  readonly backend: ListenerBackend;
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: PatternInputs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:TemplateService", name, {}, opts);
    const { service, artifact, network, capacity } = args;
    const [balancer, bucket] = [requireBalancer(args), requireArtifactBucket(args)];
    const targets = createTargetGroup(
      `${name}-targets`,
      {
        vpcId: network.vpcId,
        port: service.port,
        targetType: "instance",
        zones: network.zones.length,
        minServers: capacity.min,
      },
      { parent: this },
    );
    const listener = createListener(
      `${name}-listener`,
      { balancer, port: service.port, action: { kind: "forward", targetGroupArn: targets.arn } },
      ownedByService(this, opts),
    );
    const group = createServerSecurityGroup(
      name,
      { service, network, callsOut: args.grants?.callsOut },
      { parent: this },
    );
    admitBalancer(name, { service, balancer, group }, { parent: this });
    const role = createRole(
      `${name}-role`,
      {
        awsService: "ec2.amazonaws.com",
        account: accountIdOf(args.table.arn),
        description: "Servers of the pattern template",
        statements: [
          ...tableStatements(args.table, args.service.table),
          ...(args.grants?.statements ?? []),
          ...secretStatements(args.grants),
        ],
      },
      { parent: this },
    );
    uploadArtifact(`${name}-artifact`, { service: service.name, artifact, bucket }, { parent: this });
    const variables = { ...serverVariables(args), ...parameterVariables(args.grants) };
    const server = { bucket, key: artifactKey({ service: service.name, artifact }), variables };
    new ec2.SpotFleetRequest(
      `${name}-fleet`,
      {
        iamFleetRole: role.role.arn,
        targetCapacity: capacity.min,
        targetGroupArns: [targets.arn],
        launchSpecifications: [
          {
            ami: "ami-0123456789abcdef0",
            instanceType: instanceTypes[args.settings.size][0],
            subnetId: pulumi.output(network.privateSubnetIds).apply((ids) => ids.join(",")),
            vpcSecurityGroupIds: [group.id],
            userData: pulumi.jsonStringify(server),
          },
        ],
      },
      { parent: this, dependsOn: [role.policy, listener] },
    );
    this.backend = listenerBackend(balancer, listener.arn, service.port);
    this.roleName = role.role.name;
    this.registerOutputs({ backend: this.backend });
  }
}

/** The pattern `template`: servers behind the shared balancer. */
export const template: ComputePattern = {
  backendKind: () => "listener",
  needs: () => ({ balancer: true, artifactBucket: true }),
  create: (name, inputs, opts) => new TemplateService(name, inputs, opts),
};
