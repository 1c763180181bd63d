import { join } from "node:path";
import { type Graph, GraphIndex } from "../graph/model";
import { projectRoot } from "../graph/project-root";
import { readHttpApi } from "./apigateway/api-model";
import { type RunningGateway, startGateway } from "./apigateway/server";
import { type RunningIssuer, startIssuer } from "./cognito/issuer";
import { DynamoDbStore } from "./dynamodb/store";
import { GlobalEndpoint } from "./ports/global-endpoint";
import type { LogSink } from "./processes/lines";
import { Reaper } from "./processes/reaper";
import { Route53 } from "./route53/route53";
import { type Endpoints, EndpointsFile } from "./state/endpoints";
import type { PlatformState } from "./state/platform-state";
import { TimeScale } from "./time-scale";
import { Workloads } from "./workloads";

/** Options of `startPlatform`. */
export interface PlatformOptions {
  /** The planned resources of a whole environment: every layer of every region. */
  readonly graph: Graph;
  /**
   * Port of the one address for clients; 0 takes a free one.
   * @default 0
   */
  readonly port?: number;
  /**
   * How many times faster than planned intervals and delays pass.
   * @default 1
   */
  readonly timeScale?: number;
  /** Gets every line that servers, functions and the platform itself log. */
  readonly log: LogSink;
  /**
   * Folder of `endpoints.json`.
   * @default `.local` in the project
   */
  readonly stateDir?: string;
  /**
   * Folder that planned artifact folders are relative to.
   * @default this project
   */
  readonly root?: string;
  /** Called when a part begins to start, and with `ready` at the end. */
  readonly onProgress?: (part: PlatformPart, detail: string) => void;
  /**
   * Planned origin of a legacy endpoint -> origin that gets its requests instead.
   * @example { "https://legacy.example.com": "http://127.0.0.1:9001" }
   */
  readonly legacyOrigins?: Readonly<Record<string, string>>;
}

/** A part of the platform whose start is reported. */
export type PlatformPart = "store" | "issuer" | "gateways" | "servers" | "ready";

/** A platform that was started. */
export interface RunningPlatform {
  readonly endpoints: Endpoints;
  state(): PlatformState;
  /** Ends all parts within 3 s; may be called again. */
  stop(): Promise<void>;
}

/**
 * Variables of the AWS SDK in servers and functions. The credentials are made up, as the store requires some; without
 * them the SDK would look for real ones. Its warning about old Node versions is off.
 */
const sdkVariables = {
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

/**
 * Runs a planned environment on this machine. Resolves when every service answers requests.
 * @throws {Error} one sentence when a planned resource cannot be run, a server does not start, the port is taken, or
 *   another platform runs from the same folder; all that was started is stopped before
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const platform = new Platform(options);
  try {
    await platform.start();
    return platform;
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

class Platform implements RunningPlatform {
  endpoints!: Endpoints;
  private readonly index: GraphIndex;
  private readonly time: TimeScale;
  private readonly reaper = new Reaper();
  private readonly file: EndpointsFile;
  private readonly store: DynamoDbStore;
  private readonly globalEndpoint: GlobalEndpoint;
  private readonly route53: Route53;
  /** By API id. */
  private readonly gateways = new Map<string, RunningGateway & { readonly region: string }>();
  private issuer: RunningIssuer | undefined;
  private workloads: Workloads | undefined;
  private ready = false;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: PlatformOptions) {
    this.index = new GraphIndex(options.graph);
    this.time = new TimeScale(options.timeScale);
    this.file = new EndpointsFile(options.stateDir ?? join(projectRoot, ".local"));
    this.store = new DynamoDbStore(options.log, this.reaper);
    this.globalEndpoint = new GlobalEndpoint({ resolve: () => this.resolve(), state: () => this.state() });
    this.route53 = new Route53(this.index, {
      time: this.time,
      gateway: (apiId) => this.gateways.get(apiId)?.url,
      changed: ({ name, healthy }) => options.log("route53", `${name} is ${healthy ? "healthy" : "unhealthy"}`),
    });
  }

  async start(): Promise<void> {
    const { log, root = projectRoot } = this.options;
    await this.file.removeStale();
    const url = await this.globalEndpoint.listen(this.options.port ?? 0);
    this.progress("store", "tables");
    this.progress("issuer", "user pools");
    await Promise.all([this.store.start(this.index), this.startIssuer()]);
    const overrides = { ...sdkVariables, AWS_ENDPOINT_URL_DYNAMODB: this.store.url };
    const workloads = new Workloads(this.index, { root, time: this.time, log, reaper: this.reaper, overrides });
    this.workloads = workloads;
    this.progress(
      "servers",
      workloads
        .views()
        .map(({ service }) => service)
        .join(", "),
    );
    await Promise.all([this.startGateways(workloads), workloads.start()]);
    this.endpoints = this.describeEndpoints(url);
    this.file.publish(this.endpoints);
    this.route53.start();
    this.ready = true;
    this.progress("ready", url);
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopParts();
    return this.stopping;
  }

  state(): PlatformState {
    const name = this.route53.globalName;
    return {
      stack: this.options.graph.stack,
      timeScale: this.time.factor,
      ...(this.ready ? { endpoints: this.endpoints } : {}),
      global: { name, region: this.route53.resolve(name).region },
      names: this.route53.answers,
      outputs: this.options.graph.outputs,
      healthChecks: [...this.route53.checks.values()].map(({ name, healthy }) => ({ name, healthy })),
      workloads: this.workloads?.views() ?? [],
    };
  }

  private async stopParts(): Promise<void> {
    this.ready = false;
    this.file.remove();
    this.route53.stop();
    await Promise.all([
      this.globalEndpoint.stop(),
      ...[...this.gateways.values()].map((gateway) => gateway.stop()),
      this.issuer?.stop(),
      this.workloads?.stop(),
      this.store.stop(),
    ]);
    await this.reaper.stop();
  }

  private async startIssuer(): Promise<void> {
    const log = (line: string) => this.options.log("issuer", line);
    this.issuer = await startIssuer({ index: this.index, port: 0, log });
  }

  private async startGateways(compute: Workloads): Promise<void> {
    const { log, legacyOrigins = {} } = this.options;
    const regions = this.index.ofType("aws:apigatewayv2/api:Api").map((api) => api.region!);
    this.progress("gateways", regions.join(", "));
    await Promise.all(
      regions.map(async (region) => {
        const model = readHttpApi(this.index, region);
        const gateway = await startGateway({
          model,
          compute,
          port: 0,
          legacyOrigins,
          jwksUrl: (issuer) => this.issuer!.jwksUrl(issuer),
          log: (line) => log(`gateway ${region}`, line),
          accessLog: (line) => log(`gateway ${region}`, line),
        });
        this.gateways.set(model.apiId, { ...gateway, region });
      }),
    );
  }

  private resolve(): { host: string; gateway: RunningGateway } | undefined {
    if (!this.ready) return undefined;
    const host = this.route53.globalName;
    return { host, gateway: this.gateways.get(this.route53.resolve(host).apiId)! };
  }

  private describeEndpoints(url: string): Endpoints {
    const regions = [...this.gateways.values()].map(
      ({ region, url: http }) => [region, { http, rest: null, private: null }] as const,
    );
    return {
      console: url,
      global: url,
      regions: Object.fromEntries(regions.sort(([a], [b]) => (a < b ? -1 : 1))),
      issuer: this.issuer!.url,
      dynamodb: this.store.url,
      web: null,
    };
  }

  private progress(part: PlatformPart, detail: string): void {
    this.options.onProgress?.(part, detail);
  }
}
