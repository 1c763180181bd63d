import type { GraphIndex } from "../graph/model";
import type { AwsServices } from "./apigateway/rest/integrations/aws-service";
import type { ServiceApi } from "./aws/service-call";
import { accountOf } from "./iam/account";
import { createPlannedQueues } from "./sqs/planned-queues";
import { Queues } from "./sqs/queues";
import { sqsApi, urlOfQueue } from "./sqs/sqs-api";
import type { TimeScale } from "./time-scale";

/** Options of `Messaging`. */
export interface MessagingOptions {
  /** @default real time */
  readonly time?: TimeScale;
  /** Milliseconds since the epoch. @default the clock of this machine */
  readonly now?: () => number;
}

/** What carries messages between services: the planned queues of all regions. They are in memory, and end with the platform. */
export class Messaging {
  readonly queues: Queues;

  /** @throws {UserError} on a setting that AWS would not take */
  constructor(
    private readonly index: GraphIndex,
    options: MessagingOptions = {},
  ) {
    this.queues = new Queues({ account: accountOf(index), ...options });
    createPlannedQueues(index, this.queues);
  }

  /** Returns the APIs by their names in signatures. @param url  returns the address that they are called at */
  apis(url: () => string): Readonly<Record<string, ServiceApi>> {
    return { sqs: sqsApi(this.queues, url) };
  }

  /** Returns the URLs of this machine by the planned URLs of the queues of each region. @param url  of the API */
  urls(url: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const byRegion = new Map<string, Map<string, string>>();
    for (const { region = "", outputs } of this.index.ofType("aws:sqs/queue:Queue")) {
      const own = byRegion.get(region) ?? new Map<string, string>();
      byRegion.set(region, own.set(outputs["url"], urlOfQueue(url, outputs["arn"])));
    }
    return byRegion;
  }

  /** Adds the address of these APIs to those that gateways ask. */
  withApis(services: AwsServices, url: string): AwsServices {
    const names = Object.keys(this.apis(() => url));
    return { ...services, origin: (name, region) => (names.includes(name) ? url : services.origin(name, region)) };
  }

  /** Ends all waits. */
  stop(): void {
    this.queues.stop();
  }
}
