import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `serverImage`. */
export interface ServerImageArgs {
  readonly region: string;
  /** Release of Amazon Linux 2023. @example "2023.12.20261012.0" */
  readonly imageRelease: string;
  /** Image in this region, `ami-...`, to use instead of the release's. @default the release's image */
  readonly machineImage?: string;
}

/** The image that servers start from. */
export interface ServerImage {
  readonly id: pulumi.Input<string>;
  /** Release of Amazon Linux 2023 that the image belongs to. @default unknown, for an image that is named by its id */
  readonly release?: string;
}

/** Returns the name that Amazon gives to the arm64 image of a release; it is the same in every region. */
export function imageName(release: string): string {
  return `al2023-ami-${release}-kernel-6.1-arm64`;
}

/**
 * Returns the image that servers start from: the named one, else the one of the configured release, which is looked up
 * by its exact name. The answer changes only with the release: it is never "the newest", and an image that Amazon has
 * deprecated is found too.
 * @throws {RunError} in the returned output, when the region has no image of the release
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
 */
export function serverImage(args: ServerImageArgs, opts: { readonly parent: pulumi.Resource }): ServerImage {
  const { machineImage, imageRelease } = args;
  if (machineImage !== undefined) return { id: machineImage };
  return { id: pulumi.output(findImage(args, opts)), release: imageRelease };
}

async function findImage(args: ServerImageArgs, opts: { readonly parent: pulumi.Resource }): Promise<string> {
  const name = imageName(args.imageRelease);
  try {
    // Without mostRecent: two images of one name would be an error, never a silent change of servers.
    const found = await ec2.getAmi(
      { owners: ["amazon"], filters: [{ name: "name", values: [name] }], includeDeprecated: true },
      opts,
    );
    return found.id;
  } catch (error) {
    // The provider's words for an empty answer of DescribeImages; other errors are passed on as they are.
    if (!(error as Error).message.includes("returned no results")) throw error;
    throw new pulumi.RunError(
      `platform:imageRelease must be a release of Amazon Linux 2023 that has the image ${name} in ${args.region}, got "${args.imageRelease}"; set a release that AWS's release notes list`,
    );
  }
}
