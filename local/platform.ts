import { join } from "node:path";
import { GraphIndex } from "../graph/model";
import { projectRoot } from "../graph/project-root";
import { type PlatformAccess, readAccess } from "./access";
import { Gateways } from "./apigateway/gateways";
import type { AwsEndpoint } from "./aws/aws-endpoint";
import { awsApis } from "./aws-apis";
import { WebSites } from "./cloudfront/web-sites";
import { newSigningKeys, type SigningKeys } from "./cognito/tokens";
import { Console } from "./console/console";
import { goDark } from "./control-planes";
import { describeEndpoints } from "./described-endpoints";
import { Development } from "./development";
import { Drills } from "./drills/drills";
import { gatewayWithin, urlWithin } from "./faults/cut-gateway";
import type { Identity } from "./identity";
import { RecentLines } from "./log/recent-lines";
import type { Messaging } from "./messaging";
import type { PlatformOptions, RunningPlatform } from "./platform-options";
import { GlobalEndpoint } from "./ports/global-endpoint";
import type { LogSink } from "./processes/lines";
import { Reaper } from "./processes/reaper";
import { publicAddresses } from "./public-addresses";
import { type Awaited, becomeReady, StartingParts } from "./readiness";
import { Route53 } from "./route53/route53";
import { Schedules } from "./scheduler/schedules";
import { Parameters } from "./ssm/parameters";
import { type Endpoints, EndpointsFile } from "./state/endpoints";
import { type PlatformState, stateOf } from "./state/platform-state";
import { Storage } from "./storage";
import { TimeScale } from "./time-scale";
import { Workloads } from "./workloads";

export type { RunningPlatform } from "./platform-options";

/**
 * Runs a planned environment on this machine. Resolves when every service answers; else all that was started is stopped.
 * @throws {UserError} when a planned resource cannot be run, a server does not start or not in time, the port is taken, or
 *   the folder cannot be used or another platform runs from it
 * @throws the reason of `signal` when it aborts
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const platform = new Platform(options);
  try {
    await platform.becomeReady();
    return platform;
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

class Platform implements RunningPlatform {
  endpoints!: Endpoints;
  private index!: GraphIndex;
  private readonly time: TimeScale;
  private readonly reaper = new Reaper();
  private readonly recent = new RecentLines();
  private readonly console: Console;
  private readonly log: LogSink;
  private readonly file: EndpointsFile;
  private readonly storage: Storage;
  private readonly drills: Drills;
  private globalEndpoint: GlobalEndpoint | undefined;
  private route53!: Route53;
  private access!: PlatformAccess;
  private readonly gateways = new Gateways();
  private identity: Identity | undefined;
  private aws: AwsEndpoint | undefined;
  private messaging: Messaging | undefined;
  private web: WebSites | undefined;
  private workloads: Workloads | undefined;
  private schedules: Schedules | undefined;
  readonly development = new Development(() => this.workloads?.rollouts);
  private readonly starting = new StartingParts();
  private ready = false;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: PlatformOptions) {
    this.time = new TimeScale(options.timeScale);
    this.drills = new Drills(this, (source, line) => this.log(source, line), options);
    const parts = () => ({ index: this.index, workloads: this.workloads, usagePlans: this.gateways.usagePlans });
    this.console = new Console({ ...options, parts, drills: this.drills, state: () => this.state() });
    this.log = this.console.keeping(this.recent.keeping(options.log));
    this.file = new EndpointsFile(options.stateDir ?? join(projectRoot, ".local"));
    this.storage = new Storage(this.log, this.reaper, { ...options, time: this.time });
  }

  becomeReady(): Promise<void> {
    const awaited = (): Awaited[] => [...this.starting.awaited(), ...(this.workloads?.awaited() ?? [])];
    const { readySeconds: seconds = 60, signal } = this.options;
    return becomeReady(this.start(), { seconds, signal, awaited, recent: this.recent });
  }

  private async start(): Promise<void> {
    await this.file.prepare().then(() => this.drills.open(this.file.folder));
    this.refuseWhenStopping();
    this.options.onProgress?.("store", "tables");
    // The keys are made, and the store's process starts, while the plan is made.
    const keys = Promise.resolve(this.options.signingKeys ?? newSigningKeys());
    const plan = this.readPlan();
    await Promise.all([this.starting.run("plan", plan), this.starting.run("storage", this.storage.open(plan))]);
    this.refuseWhenStopping();
    const url = await this.listen();
    await this.starting.run("aws", this.startAws(keys));
    this.refuseWhenStopping();
    const workloads = this.readWorkloads();
    await this.starting.run("private gateways", this.startPrivateGateways(workloads));
    this.refuseWhenStopping();
    this.options.onProgress?.("issuer", "user pools");
    await Promise.all([
      this.starting.run("storage", this.storage.create(this.index, this.access)),
      this.starting
        .run("issuer", this.startIssuer())
        .then(() => this.starting.run("gateways", this.startGateways(workloads))),
      workloads.start().then((leftOut) => leftOut.map((each) => this.options.onProgress?.("left out", each))),
    ]);
    this.refuseWhenStopping();
    const { index, gateways, storage, identity: issuer, aws, messaging, web } = this;
    const parts = { index, gateways, storage, issuer: issuer!, aws: aws!, messaging: messaging!, web: web! };
    this.endpoints = describeEndpoints({ url, ...parts });
    this.file.publish(this.endpoints);
    this.route53.start();
    messaging!.start(aws!.url, workloads);
    this.schedules?.start();
    this.ready = true;
    if (this.options.dark) await goDark(this.drills.planes, workloads);
    this.options.onProgress?.("ready", url);
  }

  private async readPlan(): Promise<GraphIndex> {
    this.web = await WebSites.listen(await this.options.graph, (line) => this.log("web", line));
    if (this.stopping) await this.web.stop();
    this.index = new GraphIndex(this.web.graph);
    this.access = readAccess(this.index);
    this.route53 = new Route53(this.index, {
      time: this.time,
      gateway: (apiId, region) => urlWithin(this.drills.reach, region, this.gateways.of(apiId)?.url),
      changed: ({ name, healthy }) => this.log("route53", `${name} is ${healthy ? "healthy" : "unhealthy"}`),
    });
    return this.index;
  }

  private listen(): Promise<string> {
    const { port, preferredPort = 0 } = this.options;
    this.globalEndpoint = new GlobalEndpoint({
      names: new Set(Object.keys(this.route53.answers).map((name) => name.toLowerCase())),
      resolve: (name, socket) => (this.ready ? this.gatewayAt(this.route53.hostNamed(name, socket)) : undefined),
      console: (incoming, response) => this.console.answer(incoming, response),
    });
    return this.globalEndpoint.listen(port ?? preferredPort, port === undefined);
  }

  private readWorkloads(): Workloads {
    const { log, time, reaper } = this;
    const { root = projectRoot, legacyOrigins: origins = {}, instead = {}, variables, only, inspect } = this.options;
    const { planes } = this.drills;
    const common = { ...this.aws!.variables, ...variables };
    const overridesIn = (region: string) => ({ ...common, ...this.storage.variablesIn(region) });
    const decided = { access: this.access.access, planes, startSeconds: this.options.readySeconds ?? 60 };
    this.workloads = new Workloads(
      this.index,
      { root, time, log, reaper, overridesIn, origins, instead, only, inspect, ...decided, pages: this.web!.addresses },
      new Parameters(this.file.folder, log),
      this.access.sessions,
    );
    for (const [region, urls] of this.messaging!.urls(this.aws!.url)) this.workloads.replaceUrlsIn(region, urls);
    this.schedules = new Schedules(this.index, { compute: this.workloads, time, log });
    this.options.onProgress?.("servers", [...new Set(this.workloads.views().map(({ service }) => service))].join(", "));
    return this.workloads;
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopParts();
    return this.stopping;
  }

  state(): PlatformState {
    const { index, time, messaging, route53, workloads, storage, development, drills, endpoints } = this;
    return stateOf({ index, time, messaging, route53, workloads, storage, development, drills, endpoints });
  }

  isolateTables = (regions: readonly string[]) => this.storage.isolateTables(regions);
  shiftZone = (zone: string, on: boolean) => this.workloads!.shifts[on ? "start" : "end"](zone);
  release = (service: string) => this.workloads!.release(service);
  failStore: RunningPlatform["failStore"] = (region, how) => this.storage.failTables(region, how);

  private async stopParts(): Promise<void> {
    this.ready = false;
    this.file.remove();
    await this.drills.stop();
    this.route53?.stop();
    this.schedules?.stop();
    const { messaging, web, globalEndpoint, gateways, aws, identity, workloads, storage } = this;
    const parts = [this.console, messaging, web, globalEndpoint, gateways, aws, identity, workloads, storage];
    await Promise.all(parts.map((part) => part?.stop()));
    await this.reaper.stop();
  }

  private async startAws(keys: Promise<SigningKeys>): Promise<void> {
    const { access, time, log, storage } = this;
    const { planes, reach } = this.drills;
    const options = { ...this.options, keys: await keys, access, time, log, planes, reach, storage };
    // What is made from here on is stopped with the platform; before, there is nothing to stop.
    this.refuseWhenStopping();
    const usagePlans = (region: string) => this.gateways.usagePlans.get(region);
    Object.assign(this, awsApis(this.index, { ...options, compute: () => this.workloads!, usagePlans }));
    await this.aws!.start();
  }

  private async startIssuer(): Promise<void> {
    await this.identity!.start();
    if (this.stopping) await this.identity!.stop();
  }

  private async startGateways(compute: Workloads): Promise<void> {
    const { index, gateways, identity: issuer } = this;
    this.options.onProgress?.("gateways", this.gateways.regionsOf(index).join(", "));
    await gateways.start(index, { ...this.gatewaysOptions(compute), jwksUrl: (name) => issuer!.jwksUrl(name) });
    const addresses = publicAddresses(index, this.route53, { gateways, issuer, url: this.globalEndpoint!.url });
    compute.publishAt(addresses);
    this.web!.serve(index, this.access.access, this.options.root ?? projectRoot, addresses);
    if (this.stopping) await this.gateways.stop();
  }

  /** What calls private APIs or posts to connections has their addresses when it starts. */
  private async startPrivateGateways(compute: Workloads): Promise<void> {
    const addresses = await this.gateways.startInner(this.index, this.gatewaysOptions(compute));
    for (const [region, urls] of addresses) compute.replaceUrlsIn(region, urls);
    if (this.stopping) await this.gateways.stop();
  }

  private gatewaysOptions(compute: Workloads) {
    const { log, time, access } = this;
    const { legacyOrigins = {} } = this.options;
    const services = this.messaging!.withApis(this.storage.services(access.sessions), this.aws!.url);
    return { ...access, compute, legacyOrigins, services, log, time, ended: this.console.record };
  }

  private gatewayAt(host: string) {
    const { apiId, region } = this.route53.resolve(host);
    const gateway = this.gateways.of(apiId)!;
    return { host, gateway: gatewayWithin(this.drills.reach, region, gateway, this.console.lostIn(region)) };
  }

  /** Ends a start that goes on after `stop`, because a part was just being started. */
  private refuseWhenStopping(): void {
    if (this.stopping) throw new Error("the platform stops");
  }
}
