import * as pulumi from "@pulumi/pulumi";
import type { DataOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import { PlatformFunction } from "../functions/platform-function";
import type { AlarmTarget } from "../observability/alarm-actions";
import { ChangeTopic } from "./change-topic";
import { createMessagingKey } from "./messaging-key";
import { createSubscribers, type Subscriber } from "./subscribers";

/** Name of the app that makes messages of the records of streams: a folder in apps/, and no service. */
export const changeReaderApp = "change-reader";

/** Arguments of `Messaging`. */
export interface MessagingArgs extends AlarmTarget {
  readonly region: string;
  readonly account: pulumi.Input<string>;
  readonly services: readonly Pick<ServiceSpec, "name" | "publishes" | "consumes" | "needs" | "workRoutes">[];
  readonly tables: DataOutputs;
  /** Built app that makes messages of records; needed where a service publishes. */
  readonly reader?: { readonly directory: string } | undefined;
  readonly logRetentionDays: number;
  /** Who outside the platform is told of changes, by the service that publishes them. @default none */
  readonly subscribers?: Readonly<Record<string, readonly Subscriber[]>>;
}

/** Tells whether a region's services have messages, for which it has a key and, of publishers, topics. */
export function haveMessages(services: MessagingArgs["services"]): boolean {
  return services.some((service) => service.publishes || hasQueues(service));
}

/** Tells whether the platform hands messages of queues to a service. */
export function hasQueues({ consumes, needs, workRoutes }: Omit<MessagingArgs["services"][number], "name">): boolean {
  return consumes.length > 0 || needs.bucket?.onUpload !== undefined || workRoutes.length > 0;
}

/** What a service's changes are published by. */
interface Published {
  readonly service: string;
  readonly arn: pulumi.Output<string>;
  /** URLs of the queues of what could not be published. */
  readonly deadLetters: readonly pulumi.Output<string>[];
}

function byService<T>(published: readonly Published[], value: (each: Published) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(published.map((each) => [each.service, value(each)]));
}

/** What the services of a region have in common for their messages: the key, and the topic of each one that publishes. */
export class Messaging extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  /** ARNs of the topics of item changes, by the service that publishes them. */
  readonly topicArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** URLs of the queues of what could not be published, by the service that publishes. */
  readonly deadLetters: Readonly<Record<string, readonly pulumi.Output<string>[]>>;

  constructor(name: string, args: MessagingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:Messaging", name, {}, opts);
    const uploads = args.services.some(({ needs }) => needs.bucket?.onUpload !== undefined);
    this.keyArn = createMessagingKey(`${name}-key`, { account: args.account, uploads }, { parent: this }).arn;
    const published = this.createTopics(name, args);
    this.topicArns = byService(published, ({ arn }) => arn);
    this.deadLetters = byService(published, ({ deadLetters }) => deadLetters);
    this.registerOutputs({});
  }

  private createTopics(name: string, args: MessagingArgs): readonly Published[] {
    const publishers = args.services.filter(({ publishes }) => publishes);
    if (publishers.length === 0) return [];
    const readerArn = this.createReader(name, args, publishers);
    return publishers.map(({ name: service }) => {
      const { streamArn, keyArn } = args.tables[service]!;
      if (streamArn === undefined)
        throw new Error(`service "${service}": its table must have a stream to publish changes, got none; turn it on`);
      const { arn, deadLettersUrl } = new ChangeTopic(
        `${args.region}-${service}-changes`,
        { ...args, service, table: { streamArn, ...(keyArn && { keyArn }) }, keyArn: this.keyArn, readerArn },
        { parent: this },
      );
      const undelivered = createSubscribers(
        `${args.region}-${service}-changes`,
        { ...args, service, topicArn: arn, keyArn: this.keyArn, subscribers: args.subscribers?.[service] ?? [] },
        { parent: this },
      );
      return { service, arn, deadLetters: [deadLettersUrl, ...(undelivered === undefined ? [] : [undelivered])] };
    });
  }

  private createReader(
    name: string,
    args: MessagingArgs,
    publishers: readonly Pick<ServiceSpec, "name">[],
  ): pulumi.Output<string> {
    if (args.reader === undefined) throw new Error("changes need a reader of streams, got none; bundle change-reader");
    const services = publishers.map(
      ({ name: service }) => pulumi.interpolate`${args.tables[service]!.name}=${service}`,
    );
    return new PlatformFunction(
      `${name}-reader`,
      {
        description: "Makes messages of item changes",
        account: args.account,
        artifact: args.reader,
        variables: { PUBLISHERS: pulumi.all(services).apply((each) => each.join(",")) },
        statements: [],
        memory: 256,
        timeoutSeconds: 30,
        logRetentionDays: args.logRetentionDays,
        alarmTopicArn: args.alarmTopicArn,
      },
      { parent: this },
    ).aliasArn;
  }
}
