import type { Region } from "@pulumi/aws";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { tagging } from "../security/tags";

export interface RegionCellArgs {
  /** `eu-west-1`. */
  readonly region: string;
  readonly environment: string;
}

/** One region's scope: owns the provider that everything below it inherits, and the tags. Nothing else. */
export class RegionCell extends pulumi.ComponentResource {
  constructor(name: string, args: RegionCellArgs, opts?: pulumi.ComponentResourceOptions) {
    const provider = new aws.Provider(`${name}-aws`, { region: args.region as Region });
    super(
      "platform:region:RegionCell",
      name,
      {},
      {
        ...opts,
        providers: { aws: provider },
        transformations: [tagging(regionTags(args)), knownWithoutCell],
      },
    );
    this.registerOutputs({});
  }
}

/**
 * Lets `pulumi state move` split a stack: what it moves out of a cell stands below the stack until the next `up`, which
 * must not take it for something else.
 */
const knownWithoutCell: pulumi.ResourceTransformation = ({ props, opts }) =>
  opts.parent instanceof RegionCell
    ? { props, opts: { ...opts, aliases: [...(opts.aliases ?? []), { parent: pulumi.rootStackResource }] } }
    : undefined;

/** Tags of everything in a region; also for resources whose children another process makes. */
export function regionTags({ environment, region }: RegionCellArgs): Record<string, string> {
  return { project: "platform", environment, region, "managed-by": "pulumi" };
}
