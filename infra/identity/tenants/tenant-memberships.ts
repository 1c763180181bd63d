import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import { PlatformFunction, type PlatformFunctionArgs } from "../../functions/platform-function";
import { AlarmTopic } from "../../observability/alarm-topic";
import { accountIdOf, allow } from "../../security/iam";

/** Arguments of `TenantMemberships`. */
export interface TenantMembershipsArgs extends Pick<PlatformFunctionArgs, "artifact" | "logRetentionDays"> {
  /** Regions that have a replica of the table; may be empty. */
  readonly replicaRegions: readonly string[];
  readonly protection: boolean;
  /** Email addresses that the trigger's alarm notifies. */
  readonly emails: readonly string[];
}

/**
 * Which user and which machine client belongs to which tenant, and the trigger that writes it into their access tokens.
 * `npm run tenant -- member` writes the table; no client of the user pool can.
 */
export class TenantMemberships extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  /** ARN of the function that the user pool calls before it issues a token. */
  readonly triggerArn: pulumi.Output<string>;
  private readonly trigger: PlatformFunction;

  constructor(name: string, args: TenantMembershipsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:TenantMemberships", name, {}, opts);
    const table = this.createTable(name, args);
    const account = accountIdOf(table.arn);
    const alarms = new AlarmTopic(`${name}-alarms`, { account, emails: args.emails }, { parent: this });
    this.trigger = new PlatformFunction(
      `${name}-trigger`,
      {
        description: "Writes the tenant into access tokens",
        account,
        artifact: args.artifact,
        logRetentionDays: args.logRetentionDays,
        alarmTopicArn: alarms.arn,
        memory: 512,
        // Cognito waits for 5 s, and asks twice more.
        timeoutSeconds: 4,
        variables: { MEMBERS_TABLE: table.name },
        statements: [allow(["dynamodb:GetItem"], table.arn)],
      },
      { parent: this },
    );
    this.tableName = table.name;
    this.triggerArn = this.trigger.aliasArn;
    this.registerOutputs({ tableName: this.tableName });
  }

  /** Makes the permission that lets one user pool invoke the trigger. */
  permit(name: string, userPoolArn: pulumi.Input<string>): void {
    this.trigger.permit(name, { awsService: "cognito-idp.amazonaws.com", sourceArn: userPoolArn });
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
