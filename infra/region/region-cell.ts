import type { Region } from "@pulumi/aws";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { tagTransformation } from "../security/tags";

/** Arguments of `RegionCell`. */
export interface RegionCellArgs {
  /** @example "eu-west-1" */
  readonly region: string;
  readonly environment: string;
}

/**
 * Tags that the provider leaves alone: Beanstalk counts the environments of a shared balancer in a tag of the balancer,
 * which the next `up` after a refresh would remove.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html
 * @see https://github.com/terraform-aws-modules/terraform-aws-alb/pull/324
 */
const beanstalkTags = { keyPrefixes: ["elasticbeanstalk:"] };

/** The region cell: parent of everything of one region. It has the region's provider and tags, and nothing else. */
export class RegionCell extends pulumi.ComponentResource {
  constructor(name: string, args: RegionCellArgs, opts?: pulumi.ComponentResourceOptions) {
    const provider = new aws.Provider(`${name}-aws`, { region: args.region as Region, ignoreTags: beanstalkTags });
    super(
      "platform:region:RegionCell",
      name,
      {},
      {
        ...opts,
        providers: { aws: provider },
        transformations: [tagTransformation(regionTags(args)), aliasBelowStack],
      },
    );
    this.registerOutputs({});
  }
}

/**
 * Adds an alias below the stack to each child of a cell. `pulumi state move`, which splits a stack, puts what it moves
 * out of a cell directly below the new stack; with the alias the next `up` knows it again and does not replace it.
 */
const aliasBelowStack: pulumi.ResourceTransformation = ({ props, opts }) =>
  opts.parent instanceof RegionCell
    ? { props, opts: { ...opts, aliases: [...(opts.aliases ?? []), { parent: pulumi.rootStackResource }] } }
    : undefined;

/** Returns the tags of everything in a region, also for resources whose children another process makes (awsx). */
export function regionTags({ environment, region }: RegionCellArgs): Record<string, string> {
  return { project: "platform", environment, region, "managed-by": "pulumi" };
}
