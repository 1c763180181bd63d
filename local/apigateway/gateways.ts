import type { GraphIndex } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import type { CallersByKey } from "../iam/signing-caller";
import type { LocalCompute } from "../local-compute";
import type { LogSink } from "../processes/lines";
import type { TimeScale } from "../time-scale";
import type { EndedRequest } from "./ended-request";
import { type RunningGateway, systemClock } from "./gateway";
import { readHttpApi } from "./http/api-model";
import { startGateway } from "./http/server";
import type { AwsServices } from "./rest/integrations/aws-service";
import { readInvokePermissions } from "./rest/permissions";
import { type RestKind, type RestRegion, readRestRegion, regionsWithRestApis } from "./rest/rest-model";
import { startRestGateway } from "./rest/server";
import { UsagePlans } from "./rest/usage-plans";
import { readWebSocketApi, regionsWithWebSocketApis } from "./websocket/api-model";
import { startWebSocketGateway } from "./websocket/server";

/** What the gateways of all regions are started with. */
export interface GatewaysOptions {
  readonly compute: LocalCompute;
  readonly legacyOrigins: Readonly<Record<string, string>>;
  /** Returns the URL on this machine that serves the keys of a planned issuer. */
  readonly jwksUrl: (issuer: string) => string;
  /** What gateways ask as a role of an integration. */
  readonly services: AwsServices;
  /** Who may sign requests. */
  readonly callers: CallersByKey;
  readonly time: TimeScale;
  readonly log: LogSink;
  /** Gets every request that has ended at a gateway of a region. @default none */
  readonly ended?: (at: { readonly region: string; readonly kind: "http" | RestKind }, request: EndedRequest) => void;
}

type Kind = "http" | "websocket" | RestKind;

/** URLs of this machine by the planned ones that they stand for, for each region. */
type AddressesByRegion = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The gateways of all regions: one for a region's HTTP API, one for its REST APIs, one for its WebSocket API. */
export class Gateways {
  /** By region and kind. */
  private readonly running = new Map<string, Partial<Record<Kind, RunningGateway>>>();
  private readonly byApiId = new Map<string, RunningGateway>();
  /** The API keys and usage plans of each region's REST APIs. */
  readonly usagePlans = new Map<string, UsagePlans>();

  /** Returns the regions that have a gateway of either kind. */
  regionsOf(index: GraphIndex): readonly string[] {
    const http = index.where("aws:apigatewayv2/api:Api", { protocolType: "HTTP" }).map((api) => api.region!);
    return [...new Set([...http, ...regionsWithRestApis(index, "rest")])];
  }

  /** Starts the gateway of every planned API. @throws {UserError} on a planned setting that cannot be run */
  async start(index: GraphIndex, options: GatewaysOptions): Promise<void> {
    await Promise.all([
      // A region with REST APIs only is refused in a sentence: the platform's own address leads to an HTTP API.
      ...this.regionsOf(index).map((region) => this.startHttp(index, region, options)),
      ...regionsWithRestApis(index, "rest").map((region) => this.startRest(index, region, "rest", options)),
    ]);
  }

  /**
   * Starts the gateways of private APIs, which those who call them have to know before they start themselves.
   * @returns the URL of this machine by the planned one that it stands for, for each region
   * @throws {UserError} on a planned setting that cannot be run
   */
  private async startPrivate(index: GraphIndex, options: Omit<GatewaysOptions, "jwksUrl">): Promise<AddressesByRegion> {
    const jwksUrl = (issuer: string): never => {
      throw new UserError(`a private API cannot ask the issuer ${issuer} here; use AWS_IAM`);
    };
    const regions = regionsWithRestApis(index, "private");
    return new Map(
      await Promise.all(
        regions.map(async (region) => {
          const { domains } = await this.startRest(index, region, "private", { ...options, jwksUrl });
          return [region, this.addressesOf(region, "private", domains)] as const;
        }),
      ),
    );
  }

  /**
   * Starts what servers and functions call by themselves: private APIs, and those of WebSockets.
   * @returns the URL of this machine by the planned one that it stands for, for each region
   */
  async startInner(
    index: GraphIndex,
    options: Omit<GatewaysOptions, "jwksUrl">,
  ): Promise<readonly (readonly [region: string, ReadonlyMap<string, string>])[]> {
    return [...(await this.startPrivate(index, options)), ...(await this.startWebSockets(index, options))];
  }

  /**
   * Starts the gateways of WebSocket APIs, which the functions that post to connections have to know before they start.
   * @returns the URL of this machine by the planned one that it stands for, for each region
   * @throws {UserError} on a planned setting that cannot be run
   */
  private async startWebSockets(
    index: GraphIndex,
    { compute, callers, log, time }: Pick<GatewaysOptions, "compute" | "callers" | "log" | "time">,
  ): Promise<AddressesByRegion> {
    const mayInvoke = readInvokePermissions(index);
    return new Map(
      await Promise.all(
        regionsWithWebSocketApis(index).map(async (region) => {
          const line = (text: string) => log(`websocket gateway ${region}`, text);
          const model = readWebSocketApi(index, region);
          const common = { compute, callers, time, mayInvoke };
          const gateway = await startWebSocketGateway({ ...common, model, log: line, accessLog: line });
          this.add(region, "websocket", gateway, [model.apiId]);
          return [region, this.addressesOf(region, "websocket", model.domains)] as const;
        }),
      ),
    );
  }

  private addressesOf(region: string, kind: Kind, domains: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
    const { url } = this.running.get(region)![kind]!;
    return new Map([...domains.keys()].map((name) => [`https://${name}`, url]));
  }

  /** Returns the gateway of an API by its id; undefined while it does not run. */
  of(apiId: string): RunningGateway | undefined {
    return this.byApiId.get(apiId);
  }

  /** Returns the URLs by region, sorted; null for a gateway that a region does not have. */
  urls() {
    const regions = [...this.running].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      regions.map(([region, { http, rest, private: own, websocket }]) => [
        region,
        {
          ...{ http: http!.url, rest: rest?.url ?? null, private: own?.url ?? null },
          websocket: websocket?.url.replace(/^http/, "ws") ?? null,
        },
      ]),
    );
  }

  /** Refuses new requests and lets those in flight finish. */
  async stop(): Promise<void> {
    const all = [...this.running.values()].flatMap((kinds) => Object.values(kinds));
    await Promise.all(all.map((gateway) => gateway.stop()));
  }

  private async startHttp(index: GraphIndex, region: string, options: GatewaysOptions): Promise<void> {
    const { compute, legacyOrigins, jwksUrl, services, log, ended } = options;
    const line = (text: string) => log(`gateway ${region}`, text);
    const model = readHttpApi(index, region);
    const gateway = await startGateway({
      ...{ model, compute, legacyOrigins, jwksUrl, services, port: 0, log: line, accessLog: line },
      ended: ended && ((request) => ended({ region, kind: "http" }, request)),
    });
    this.add(region, "http", gateway, [model.apiId]);
  }

  private async startRest(
    index: GraphIndex,
    region: string,
    kind: RestKind,
    options: GatewaysOptions,
  ): Promise<RestRegion> {
    const { compute, legacyOrigins, jwksUrl, services, callers, log, ended } = options;
    const line = (text: string) => log(`${kind} gateway ${region}`, text);
    const model = readRestRegion(index, region, kind);
    const usagePlans = new UsagePlans(model.plans, model.keys, systemClock);
    const gateway = await startRestGateway({
      ...{ region: model, usagePlans, compute, legacyOrigins, jwksUrl, services, callers },
      ...{ port: 0, log: line, accessLog: line },
      ended: ended && ((request) => ended({ region, kind }, request)),
    });
    // Plans are for APIs on the internet.
    if (kind === "rest") this.usagePlans.set(region, usagePlans);
    this.add(region, kind, gateway, [...model.apis.keys()]);
    return model;
  }

  private add(region: string, kind: Kind, gateway: RunningGateway, apiIds: readonly string[]): void {
    this.running.set(region, { ...this.running.get(region), [kind]: gateway });
    for (const id of apiIds) this.byApiId.set(id, gateway);
  }
}
