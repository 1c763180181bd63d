import type * as pulumi from "@pulumi/pulumi";
import type { Artifact } from "../infra/compute/artifact";
import type { DataOutputs, NetworkOutputs } from "../infra/contract/layer-outputs";
import { Data } from "../infra/data/data";
import { Network } from "../infra/network/network";
import { regionTags } from "../infra/region/region-cell";
import { declaredFlows } from "../infra/traffic/flows";
import type { PlatformConfig } from "./config/schema";
import { type ConfiguredService, callsAnother } from "./config/services";
import type { WebApp } from "./web-app";

/** Arguments that every layer of a region gets. */
export interface LayerContext {
  readonly environment: string;
  readonly config: PlatformConfig;
  readonly services: readonly ConfiguredService[];
  /** Functions of the platform itself that the configuration needs, by the name of their folder in apps/. */
  readonly platformApps: Readonly<Record<string, Artifact>>;
  readonly region: PlatformConfig["regions"][number];
  /** The built web app. @default unset, in an environment without one, and where another stack owns it */
  readonly webApp?: WebApp;
  /** The region cell, which is the parent of the layer's resources. */
  readonly parent: pulumi.Resource;
}

/** Makes the network layer of a region: VPC, endpoints, network ACLs, flow logs and the Cloud Map namespace. */
export function networkLayer({ environment, config, services, region, parent }: LayerContext): NetworkOutputs {
  const { nat, interfaceEndpoints } = config.network;
  const privateApi = callsAnother(services);
  const network = new Network(
    `${region.name}-network`,
    {
      region: region.name,
      cidr: region.cidr,
      zones: region.zones,
      nat,
      interfaceEndpoints,
      privateApi,
      flows: declaredFlows(services, {
        nat: nat !== "none",
        interfaceEndpoints: interfaceEndpoints || privateApi,
      }),
      namespaceName: `${environment}.platform.internal`,
      logRetentionDays: config.logRetentionDays,
      tags: regionTags({ environment, region: region.name }),
    },
    { parent },
  );
  const { vpcId, cidr, zones, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, functionSecurityGroupId } = network;
  // Ids only: a whole resource would not cross a StackReference.
  const { id, arn, name } = network.namespace;
  const namespace = { id, arn, name };
  return {
    vpcId,
    cidr,
    zones,
    publicSubnetIds,
    privateSubnetIds,
    isolatedSubnetIds,
    namespace,
    functionSecurityGroupId,
    ...(network.storagePrefixLists ? { storagePrefixLists: network.storagePrefixLists } : {}),
    ...(network.privateApiEndpoint ? { privateApiEndpoint: network.privateApiEndpoint } : {}),
  };
}

/**
 * Makes the data layer: a DynamoDB table per service. Made in the primary region only, with replicas in the other
 * regions.
 * @returns the tables by the region they are used from
 */
export function dataLayer({ config, services, region, parent }: LayerContext): Record<string, DataOutputs> {
  const others = config.regions.filter(({ name }) => name !== region.name).map(({ name }) => name);
  const data = new Data(
    `${region.name}-data`,
    {
      region: region.name,
      replicaRegions: others,
      services,
      protection: config.protection,
      customerKey: config.tableKey === "customer",
    },
    { parent },
  );
  return Object.fromEntries([region.name, ...others].map((name) => [name, data.tablesIn(name)]));
}
