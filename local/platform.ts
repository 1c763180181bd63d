import { join } from "node:path";
import { type Graph, GraphIndex } from "../graph/model";
import { projectRoot } from "../graph/project-root";
import { readHttpApi } from "./apigateway/api-model";
import { type RunningGateway, startGateway } from "./apigateway/server";
import { type RunningIssuer, startIssuer } from "./cognito/issuer";
import { Store } from "./dynamodb/store";
import { Front } from "./ports/front";
import type { LogSink } from "./processes/lines";
import { Reaper } from "./processes/reaper";
import { Route53 } from "./route53/route53";
import { type Endpoints, EndpointsFile } from "./state/endpoints";
import type { PlatformState } from "./state/platform-state";
import { TimeScale } from "./time-scale";
import { Workloads } from "./workloads";

export interface PlatformOptions {
  /** A whole environment: every layer of every region. */
  readonly graph: Graph;
  /** Of the global address; 0, the default, takes a free one. */
  readonly port?: number;
  /** How many times faster intervals and delays pass; default 1. */
  readonly timeScale?: number;
  /** Gets every line that servers, functions and the platform itself log. */
  readonly log: LogSink;
  /** Folder of `endpoints.json`; default `.local` in the project. */
  readonly stateDir?: string;
  /** Artifact folders are relative to it; default: this project. */
  readonly root?: string;
  /** Called when a part begins to start, and with `ready` at the end. */
  readonly onProgress?: (part: Part, detail: string) => void;
  /** Planned origin of a legacy endpoint -> origin to call instead. */
  readonly legacyOrigins?: Readonly<Record<string, string>>;
}

export type Part = "store" | "issuer" | "gateways" | "servers" | "ready";

export interface RunningPlatform {
  readonly endpoints: Endpoints;
  state(): PlatformState;
  /** Ends everything within 3 s; safe to call again. */
  stop(): Promise<void>;
}

/** Credentials are made up, as the store asks for some; the SDK would look for real ones, and remark on this machine's Node. */
const sdkEnvironment = {
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

/**
 * Runs a planned environment on this machine. Resolves when the first request to every service would succeed.
 * @throws {Error} one sentence when the plan has something that cannot be run, a server does not start, the port is
 *   taken, or a platform runs from the same folder; nothing is left running then
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
  private readonly store: Store;
  private readonly front: Front;
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
    this.store = new Store(options.log, this.reaper);
    this.front = new Front({ resolve: () => this.resolve(), state: () => this.state() });
    this.route53 = new Route53(this.index, {
      time: this.time,
      gateway: (apiId) => this.gateways.get(apiId)?.url,
      changed: ({ name, healthy }) => options.log("route53", `${name} is ${healthy ? "healthy" : "unhealthy"}`),
    });
  }

  async start(): Promise<void> {
    const { log, root = projectRoot } = this.options;
    await this.file.claim();
    const url = await this.front.listen(this.options.port ?? 0);
    this.progress("store", "tables");
    this.progress("issuer", "user pools");
    await Promise.all([this.store.start(this.index), this.startIssuer()]);
    const overrides = { ...sdkEnvironment, AWS_ENDPOINT_URL_DYNAMODB: this.store.url };
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
    this.endpoints = this.describe(url);
    this.file.publish(this.endpoints);
    this.route53.start();
    this.ready = true;
    this.progress("ready", url);
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  state(): PlatformState {
    const name = this.route53.globalName;
    return {
      stack: this.options.graph.stack,
      timeScale: this.time.factor,
      ...(this.ready ? { endpoints: this.endpoints } : {}),
      global: { name, region: this.route53.resolve(name).region },
      healthChecks: [...this.route53.checks.values()].map(({ name, healthy }) => ({ name, healthy })),
      workloads: this.workloads?.views() ?? [],
    };
  }

  private async end(): Promise<void> {
    this.ready = false;
    this.file.remove();
    this.route53.stop();
    await Promise.all([
      this.front.stop(),
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

  private async startGateways(backends: Workloads): Promise<void> {
    const { log, legacyOrigins = {} } = this.options;
    const regions = this.index.ofType("aws:apigatewayv2/api:Api").map((api) => api.region!);
    this.progress("gateways", regions.join(", "));
    await Promise.all(
      regions.map(async (region) => {
        const model = readHttpApi(this.index, region);
        const gateway = await startGateway({
          model,
          backends,
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

  private describe(url: string): Endpoints {
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

  private progress(part: Part, detail: string): void {
    this.options.onProgress?.(part, detail);
  }
}
