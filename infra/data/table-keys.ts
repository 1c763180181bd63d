import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `TableKeys`. */
export interface TableKeysArgs {
  /** Region of the tables. */
  readonly region: string;
  /** Regions that have a replica of every table; may be empty. */
  readonly replicaRegions: readonly string[];
  readonly protection: boolean;
}

/**
 * A customer key for the tables: one multi-Region key, with a replica in each region that has replicas of the tables,
 * because DynamoDB takes a key of the table's own region only. The key policy is AWS's default, which leaves the use to
 * IAM policies.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export class TableKeys extends pulumi.ComponentResource {
  private readonly arns: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: TableKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:TableKeys", name, {}, opts);
    const own = { parent: this, protect: args.protection };
    const description = "Encrypts the tables of the services";
    const deletionWindowInDays = 30;
    const primary = new kms.Key(
      `${name}-key`,
      { description, enableKeyRotation: true, multiRegion: args.replicaRegions.length > 0, deletionWindowInDays },
      own,
    );
    const replicas = args.replicaRegions.map((region): [string, pulumi.Output<string>] => {
      const { arn } = new kms.ReplicaKey(
        `${name}-key-${region}`,
        { primaryKeyArn: primary.arn, region, description, deletionWindowInDays },
        own,
      );
      return [region, arn];
    });
    this.arns = new Map([[args.region, primary.arn], ...replicas]);
    this.registerOutputs({});
  }

  /** Returns the ARN of the key in a region of the tables. */
  arnIn(region: string): pulumi.Output<string> {
    return this.arns.get(region)!;
  }
}
