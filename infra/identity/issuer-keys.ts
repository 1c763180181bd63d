import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `IssuerKeys`. */
export interface IssuerKeysArgs {
  /** The region that has a replica of the table. */
  readonly replicaRegion: string;
  readonly protection: boolean;
}

/**
 * The keys that the user pools of both regions had last. The gateways' authorizers write them where they can fetch them and
 * read them where they cannot: the region with the requests writes them for the one that has had none.
 */
export class IssuerKeys extends pulumi.ComponentResource {
  readonly table: dynamodb.Table;

  constructor(name: string, { replicaRegion, protection }: IssuerKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:IssuerKeys", name, {}, opts);
    this.table = new dynamodb.Table(
      `${name}-table`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "issuer",
        attributes: [{ name: "issuer", type: "S" }],
        serverSideEncryption: { enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: protection,
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        replicas: [
          {
            regionName: replicaRegion,
            pointInTimeRecovery: true,
            deletionProtectionEnabled: protection,
            propagateTags: true,
          },
        ],
      },
      { parent: this, protect: protection },
    );
    this.registerOutputs({ tableName: this.table.name });
  }
}
