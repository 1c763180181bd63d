import type * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { AdmittedIssuers } from "../contract/issuer";
import { createExpiringTable } from "../functions/expiring-table";
import { PlatformFunction, type PlatformFunctionArgs } from "../functions/platform-function";
import { issuerVariables, keyStatements, type PoolsOfTokens } from "../gateway/issuers/issuer-variables";
import { DeliveryQueue } from "../messaging/delivery-queue";
import { allow, messageKeyActions, throughSqs } from "../security/iam";

/** What every function of live changes has. */
export type LiveFunctionArgs = Pick<
  PlatformFunctionArgs,
  "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"
>;

/** Arguments of `Connections`. */
export interface ConnectionsArgs extends LiveFunctionArgs {
  readonly region: string;
  readonly identity: PoolsOfTokens;
  readonly issuers: AdmittedIssuers;
  /**
   * Scopes of which a person needs one to see a service's changes, by service; without any, everyone who is signed in
   * does.
   */
  readonly readers: Readonly<Record<string, readonly string[]>>;
  /** Key of the region's queues. */
  readonly keyArn: pulumi.Input<string>;
  readonly protection: boolean;
}

/** API Gateway waits 10 s for an event of a connection, and longer for the decision on it. */
const authorizerSeconds = 9;

/**
 * The open connections of one region: who may open one, a table of them, and a queue that says when each must end. A region
 * has its own table, without a replica: nothing else can post to its connections, and none exists longer than the region.
 */
export class Connections extends pulumi.ComponentResource {
  readonly table: dynamodb.Table;
  /** Messages say which connection ends, and when. */
  readonly endings: DeliveryQueue;
  /** Decides on a connection. */
  readonly authorizer: PlatformFunction;
  /** Stores a connection, and removes it. */
  readonly registrar: PlatformFunction;

  constructor(name: string, args: ConnectionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:live:Connections", name, {}, opts);
    // A row is worth nothing after two hours; without the table no change reaches anyone.
    this.table = createExpiringTable(`${name}-table`, args.protection, { parent: this });
    this.endings = new DeliveryQueue(
      `${name}-endings`,
      { keyArn: args.keyArn, description: "Ends of connections", alarmTopicArn: args.alarmTopicArn },
      { parent: this },
    );
    this.authorizer = new PlatformFunction(
      `${name}-authorizer`,
      {
        ...functionArgs(args),
        description: "Decides who may open a connection",
        handler: "handler.authorize",
        memory: 512,
        timeoutSeconds: authorizerSeconds,
        variables: { ...issuerVariables(args.identity, args.issuers), READERS: JSON.stringify(args.readers) },
        statements: keyStatements(args.identity, args.issuers, args),
      },
      { parent: this },
    );
    this.registrar = this.createRegistrar(name, args);
    this.registerOutputs({ tableName: this.table.name });
  }

  private createRegistrar(name: string, args: ConnectionsArgs): PlatformFunction {
    const { region, keyArn } = args;
    return new PlatformFunction(
      `${name}-registrar`,
      {
        ...functionArgs(args),
        description: "Stores open connections",
        handler: "handler.register",
        memory: 256,
        timeoutSeconds: authorizerSeconds,
        variables: { CONNECTIONS_TABLE: this.table.name, ENDINGS_QUEUE_URL: this.endings.url },
        statements: [
          allow(["dynamodb:DeleteItem", "dynamodb:PutItem"], this.table.arn),
          allow(["sqs:SendMessage"], this.endings.arn),
          allow(messageKeyActions, keyArn, throughSqs(region)),
        ],
      },
      { parent: this },
    );
  }
}

/** Returns what a function takes of a component's arguments. */
export function functionArgs({
  account,
  artifact,
  logRetentionDays,
  alarmTopicArn,
}: LiveFunctionArgs): LiveFunctionArgs {
  return { account, artifact, logRetentionDays, alarmTopicArn };
}
