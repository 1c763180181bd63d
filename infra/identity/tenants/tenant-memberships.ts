import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `TenantMemberships`. */
export interface TenantMembershipsArgs {
  /** Regions that have a replica of the table; may be empty. */
  readonly replicaRegions: readonly string[];
  readonly protection: boolean;
}

/**
 * Which user and which machine client belongs to which tenant. The pre-token trigger writes it into their access tokens;
 * `npm run tenant -- member` writes the table; no client of the user pool can.
 */
export class TenantMemberships extends pulumi.ComponentResource {
  readonly table: dynamodb.Table;

  constructor(name: string, args: TenantMembershipsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:TenantMemberships", name, {}, opts);
    this.table = this.createTable(name, args);
    this.registerOutputs({ tableName: this.table.name });
  }

  /** Returns the table as it is used from a region that has it or a replica. */
  tableIn(region: string): { readonly name: pulumi.Output<string>; readonly arn: pulumi.Output<string> } {
    const { name, arn, replicas } = this.table;
    const of = pulumi.all([arn, replicas]).apply(([own, all = []]) => {
      return all.find(({ regionName }) => regionName === region)?.arn ?? own;
    });
    return { name, arn: of };
  }

  private createTable(name: string, { replicaRegions, protection }: TenantMembershipsArgs): dynamodb.Table {
    return new dynamodb.Table(
      `${name}-members`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        serverSideEncryption: { enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: protection,
        ...(replicaRegions.length === 0 ? {} : { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" }),
        replicas: replicaRegions.map((regionName) => ({
          regionName,
          pointInTimeRecovery: true,
          deletionProtectionEnabled: protection,
          propagateTags: true,
        })),
      },
      { parent: this, protect: protection },
    );
  }
}
