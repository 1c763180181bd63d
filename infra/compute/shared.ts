import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { ListenerBackend } from "../core/backend";
import { type Capacity, capacityFor, targetUtilisation } from "../core/capacity";
import type { ComputeArgs, SharedBalancer } from "../core/compute";

/** The shared balancer. @throws when the region made none */
export function balancerOf(args: ComputeArgs): SharedBalancer {
  return args.balancer ?? refuse(args, "balancer");
}

/** The region's artifact bucket. @throws when the region made none */
export function artifactBucketOf(args: ComputeArgs): pulumi.Input<string> {
  return args.artifactBucket ?? refuse(args, "artifactBucket");
}

function refuse(args: ComputeArgs, what: "balancer" | "artifactBucket"): never {
  const { name, pattern } = args.service;
  throw new Error(
    `service "${name}": pattern "${pattern}" requires ${what}, got none; create it where needs(service).${what} is true`,
  );
}

/** Fewest and most servers, so that the service survives the loss of a zone. */
export function serverCapacity({ service, network }: ComputeArgs): Capacity {
  return capacityFor(service.name, network.zones.length, service.capacity.peak, service.capacity.max);
}

/** CPU or memory target in percent, low enough for the other zones to take a lost one's load. */
export function scalingTarget({ service, network }: ComputeArgs, percent: number): number {
  return targetUtilisation(service.name, network.zones.length, percent);
}

/** Made before whatever writes to it, or the writer creates it without retention. */
export function createLogGroup(
  name: string,
  args: Pick<ComputeArgs, "logRetentionDays">,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  return new cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, opts);
}

/** The artifact as a zip in the region's bucket. Its key names the content, so a key never changes what it holds. */
export function uploadArtifact(name: string, args: ComputeArgs, opts: pulumi.CustomResourceOptions): s3.BucketObjectv2 {
  return new s3.BucketObjectv2(
    name,
    {
      bucket: artifactBucketOf(args),
      key: artifactKey(args),
      source: new pulumi.asset.FileArchive(args.artifact.directory),
      // Kept with the object; the AWS CLI compares it on download.
      checksumAlgorithm: "SHA256",
      serverSideEncryption: "AES256",
    },
    // A deployment that rolls back starts servers from the previous artifact.
    { ...opts, retainOnDelete: true },
  );
}

export function artifactKey({ service, artifact }: Pick<ComputeArgs, "service" | "artifact">): string {
  return `${service.name}/${artifact.hash}.zip`;
}

export function listenerBackend(
  balancer: SharedBalancer,
  listenerArn: pulumi.Input<string>,
  port: number,
): ListenerBackend {
  return {
    kind: "listener",
    listenerArn,
    loadBalancerArn: balancer.loadBalancerArn,
    dnsName: balancer.dnsName,
    port,
    securityGroupId: balancer.securityGroupId,
  };
}
