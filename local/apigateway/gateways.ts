import type { GraphIndex } from "../../graph/model";
import type { LocalCompute } from "../local-compute";
import type { LogSink } from "../processes/lines";
import { type RunningGateway, systemClock } from "./gateway";
import { readHttpApi } from "./http/api-model";
import { startGateway } from "./http/server";
import { readRestRegion, regionsWithRestApis } from "./rest/rest-model";
import { startRestGateway } from "./rest/server";
import { UsagePlans } from "./rest/usage-plans";

/** What the gateways of all regions are started with. */
export interface GatewaysOptions {
  readonly compute: LocalCompute;
  readonly legacyOrigins: Readonly<Record<string, string>>;
  /** Returns the URL on this machine that serves the keys of a planned issuer. */
  readonly jwksUrl: (issuer: string) => string;
  /** URL of the store that stands for DynamoDB. */
  readonly dynamoDbUrl: string;
  readonly log: LogSink;
}

type Kind = "http" | "rest";

/** The gateways of all regions: one for a region's HTTP API, one for its REST APIs. */
export class Gateways {
  /** By region and kind. */
  private readonly running = new Map<string, Partial<Record<Kind, RunningGateway>>>();
  private readonly byApiId = new Map<string, RunningGateway>();
  /** The API keys and usage plans of each region's REST APIs. */
  readonly usagePlans = new Map<string, UsagePlans>();

  /** Returns the regions that have a gateway of either kind. */
  regionsOf(index: GraphIndex): readonly string[] {
    const http = index.ofType("aws:apigatewayv2/api:Api").map((api) => api.region!);
    return [...new Set([...http, ...regionsWithRestApis(index)])];
  }

  /** Starts the gateway of every planned API. @throws {UserError} on a planned setting that cannot be run */
  async start(index: GraphIndex, options: GatewaysOptions): Promise<void> {
    await Promise.all([
      // A region with REST APIs only is refused in a sentence: the platform's own address leads to an HTTP API.
      ...this.regionsOf(index).map((region) => this.startHttp(index, region, options)),
      ...regionsWithRestApis(index).map((region) => this.startRest(index, region, options)),
    ]);
  }

  /** Returns the gateway of an API by its id; undefined while it does not run. */
  of(apiId: string): RunningGateway | undefined {
    return this.byApiId.get(apiId);
  }

  /** Returns the URLs by region, sorted; null for a gateway that a region does not have. */
  urls() {
    const regions = [...this.running].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      regions.map(([region, { http, rest }]) => [region, { http: http!.url, rest: rest?.url ?? null, private: null }]),
    );
  }

  /** Refuses new requests and lets those in flight finish. */
  async stop(): Promise<void> {
    const all = [...this.running.values()].flatMap((kinds) => Object.values(kinds));
    await Promise.all(all.map((gateway) => gateway.stop()));
  }

  private async startHttp(index: GraphIndex, region: string, options: GatewaysOptions): Promise<void> {
    const { compute, legacyOrigins, jwksUrl, log } = options;
    const line = (text: string) => log(`gateway ${region}`, text);
    const model = readHttpApi(index, region);
    const gateway = await startGateway({
      ...{ model, compute, legacyOrigins, jwksUrl, port: 0, log: line, accessLog: line },
    });
    this.add(region, "http", gateway, [model.apiId]);
  }

  private async startRest(index: GraphIndex, region: string, options: GatewaysOptions): Promise<void> {
    const { compute, legacyOrigins, jwksUrl, dynamoDbUrl, log } = options;
    const line = (text: string) => log(`rest gateway ${region}`, text);
    const model = readRestRegion(index, region);
    const usagePlans = new UsagePlans(model.plans, model.keys, systemClock);
    const services = (service: string) => (service === "dynamodb" ? dynamoDbUrl : undefined);
    const gateway = await startRestGateway({
      ...{ region: model, usagePlans, compute, legacyOrigins, jwksUrl, services, port: 0, log: line, accessLog: line },
    });
    this.usagePlans.set(region, usagePlans);
    this.add(region, "rest", gateway, [...model.apis.keys()]);
  }

  private add(region: string, kind: Kind, gateway: RunningGateway, apiIds: readonly string[]): void {
    this.running.set(region, { ...this.running.get(region), [kind]: gateway });
    for (const id of apiIds) this.byApiId.set(id, gateway);
  }
}
