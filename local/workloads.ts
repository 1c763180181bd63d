import { PassThrough, type Readable } from "node:stream";
import type { GraphIndex } from "../graph/model";
import { UserError } from "../graph/user-error";
import { ZonalShifts } from "./arc/zonal-shifts";
import type { AutoScaling } from "./autoscaling/auto-scaling";
import { chosenServices } from "./chosen-services";
import { withLocalPages } from "./cloudfront/local-origins";
import { type CloudMapService, readCloudMapServices } from "./cloudmap/discovery";
import { DiscoveryEndpoint } from "./cloudmap/discovery-endpoint";
import { OutsideTasks } from "./ecs/outside-tasks";
import { Balancers } from "./elb/balancers";
import { ListenerEndpoints } from "./elb/listener-endpoints";
import { FunctionPool } from "./lambda/function-pool";
import { readFunctions } from "./lambda/functions";
import { FunctionFailure, type LocalCompute, type ServerChoice } from "./local-compute";
import { OutsideAddresses } from "./processes/outside-addresses";
import { PythonWorkloads } from "./processes/python-workloads";
import type { Registry } from "./processes/registration";
import { Supervisor } from "./processes/supervisor";
import type { Awaited } from "./readiness";
import { Rollouts } from "./rollouts";
import type { Parameters } from "./ssm/parameters";
import type { RoleSessions } from "./sts/role-sessions";
import { Zones } from "./vpc/zones";
import { type Credentialed, WorkloadCredentials } from "./workload-credentials";
import { serverGroupReaders } from "./workload-readers";
import { scaleSupervisors } from "./workload-scaling";
import { awaitedOf, viewsOf, type WorkloadView } from "./workload-views";
import type { WorkloadsOptions } from "./workloads-options";

/** A server group or function, of which a process is about to start. */
interface Started extends Credentialed {
  readonly region: string;
  readonly service: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs every planned server and function of all regions as processes of this machine, with the load balancers and Cloud
 * Map services in front of them.
 */
export class Workloads implements LocalCompute {
  private readonly balancers: Balancers;
  private readonly discovery: ReadonlyMap<string, CloudMapService>;
  private readonly discoveryEndpoint: DiscoveryEndpoint;
  private readonly listenerEndpoints: ListenerEndpoints;
  private readonly credentials: WorkloadCredentials;
  readonly python: PythonWorkloads;
  private readonly outsideTasks: OutsideTasks;
  /** Environment variables of all servers and functions; the endpoint's is added when it listens. */
  private readonly overrides: Record<string, string> = {};
  /** URLs of this machine by the planned ones that they stand for, of each region. */
  private readonly regionalAddresses = new Map<string, ReadonlyMap<string, string>>();
  private readonly outside: OutsideAddresses;
  private readonly leftOut: string | undefined;
  readonly supervisors: readonly Supervisor[];
  readonly pools: readonly FunctionPool[];
  private readonly scaling: AutoScaling;
  readonly shifts: ZonalShifts;
  private readonly functions: ReadonlyMap<string, FunctionPool>;
  /** Puts new code into the place of what runs. */
  readonly rollouts = new Rollouts(() => this);

  /**
   * @param parameters  values of the secrets that servers and functions have
   * @param sessions  those of the roles that they run as
   */
  constructor(
    index: GraphIndex,
    private readonly given: WorkloadsOptions,
    parameters: Parameters,
    sessions: RoleSessions,
  ) {
    this.outside = new OutsideAddresses(given.origins, (line) => given.log("outside", line));
    const withSecrets = <Of extends { readonly env: Readonly<Record<string, string>> }>(one: Of): Of => ({
      ...one,
      env: withLocalPages(parameters.resolve(one.env), given.pages),
    });
    const options = { ...given, overrides: (of: Started, zone: string) => this.variablesOf(of, zone) };
    const zones = new Zones(index);
    const { groups, functions, leftOut } = chosenServices(
      serverGroupReaders.flatMap((read) => read(index, zones, options.root)).map(withSecrets),
      readFunctions(index, zones).map(withSecrets),
      given,
    );
    this.leftOut = leftOut;
    this.balancers = new Balancers(index, options.time);
    this.discovery = readCloudMapServices(index);
    this.discoveryEndpoint = new DiscoveryEndpoint(index, this.discovery, given.access, (line) =>
      given.log("cloudmap", line),
    );
    this.listenerEndpoints = new ListenerEndpoints(index, this.balancers);
    const { addresses } = this.listenerEndpoints;
    const registry = (key: string) => this.registry(key);
    const { balancers } = this;
    this.shifts = new ZonalShifts({ index, zones, balancers, time: given.time, log: (line) => given.log("arc", line) });
    this.supervisors = groups.map((group) => new Supervisor(group, { ...options, registry }));
    this.scaling = scaleSupervisors(index, this.supervisors, this.balancers, given);
    this.credentials = new WorkloadCredentials([...groups, ...functions], sessions);
    this.python = new PythonWorkloads([...groups, ...functions], options.root);
    this.outsideTasks = new OutsideTasks(index, given.instead);
    this.pools = functions.map((spec) => new FunctionPool(spec, { ...options, addresses }));
    this.functions = new Map(
      this.pools.flatMap((pool) => [pool.spec.aliasArn, pool.spec.invokeArn].map((arn) => [arn, pool] as const)),
    );
  }

  /**
   * Starts all servers; resolves when they are healthy. Functions start with their first event.
   * @returns why services are left out, in a sentence for each reason; none when all run
   */
  async start(): Promise<readonly string[]> {
    await Promise.all([this.discoveryEndpoint, this.listenerEndpoints, this.credentials].map((each) => each.start()));
    this.overrides["AWS_ENDPOINT_URL_SERVICEDISCOVERY"] = this.discoveryEndpoint.url;
    // Servers that the forwarder of a REST API finds have addresses of this machine, not of the planned VPC.
    this.overrides["ADDRESS_RANGES"] = "127.0.0.0/8";
    // What stands for five seconds on AWS, see apps/kit/region-health.ts.
    this.overrides["REGION_PROBE_SECONDS"] = (Math.max(50, this.given.time.ms(5)) / 1_000).toFixed(3);
    const inPython = this.supervisors.filter(({ group }) => this.python.has(group));
    const others = this.supervisors.filter((each) => !inPython.includes(each));
    const prepared = this.python.prepare();
    this.outsideTasks.start((key) => this.registry(key));
    await Promise.all([
      ...others.map((each) => each.start()),
      ...inPython.map((each) => prepared.then(() => (this.python.missing === undefined ? each.start() : undefined))),
      prepared,
    ]);
    this.scaling.start();
    return [this.leftOut, this.python.missing, this.outsideTasks.missing].filter((sentence) => sentence !== undefined);
  }

  /** Has functions that start from now on use addresses of this machine in the place of planned URLs. */
  replaceUrls(addresses: ReadonlyMap<string, string>): void {
    for (const [planned, here] of addresses) this.listenerEndpoints.addresses.set(planned, here);
  }

  /** Has what starts from now on in a region use addresses of this machine in the place of planned URLs. */
  replaceUrlsIn(region: string, addresses: ReadonlyMap<string, string>): void {
    this.regionalAddresses.set(region, new Map([...(this.regionalAddresses.get(region) ?? []), ...addresses]));
  }

  /** Tells what starts from now on which URLs of this machine stand for the planned ones that it publishes. */
  publishAt(addresses: ReadonlyMap<string, string>): void {
    this.overrides["PUBLISHED_AT"] = JSON.stringify(Object.fromEntries(addresses));
  }

  /** Returns the services that have a server which is not healthy. */
  awaited(): Awaited[] {
    return awaitedOf(this.supervisors, this.python);
  }

  /** Replaces the servers of a service in the planned order, as a release does; returns how many it had. */
  async release(service: string): Promise<number> {
    const own = this.supervisors.filter(({ group }) => group.service === service);
    await Promise.all(own.map((each) => each.rollOut()));
    return own.reduce((sum, { desired }) => sum + desired, 0);
  }

  /** Starts the provisioned concurrency of functions, which otherwise start with events. */
  async provision(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.provision()));
  }

  async stop(): Promise<void> {
    this.scaling.stop();
    this.shifts.stop();
    const { supervisors, pools, discoveryEndpoint, listenerEndpoints, credentials, outsideTasks } = this;
    const parts = [...supervisors, ...pools, discoveryEndpoint, listenerEndpoints, credentials, outsideTasks];
    await Promise.all(parts.map((each) => each.stop()));
  }

  pickServer(uri: string, host: string): ServerChoice {
    const discovered = this.discovery.get(uri);
    if (discovered !== undefined) return discovered.pick();
    if (this.balancers.has(uri)) return this.outsideTasks.answerOf(uri) ?? this.balancers.pick(uri, host);
    throw new UserError(
      `integrationUri must be a planned listener or Cloud Map service, got ${uri}; correct the integration`,
    );
  }

  async invoke(uri: string, event: unknown): Promise<unknown> {
    const pool = this.poolOf(uri);
    const { missing } = this.python;
    if (missing !== undefined && this.python.has(pool.spec)) throw new FunctionFailure("error", missing);
    return pool.invoke(event);
  }

  invokeStreaming(uri: string, event: unknown): Readable {
    const [, arn = uri] = /\/functions\/(.+)\/response-streaming-invocations$/.exec(uri) ?? [];
    const result = new PassThrough();
    const pool = this.poolOf(arn);
    pool
      .invoke(event, (chunk) => result.write(chunk))
      .then(
        () => result.end(),
        (error) => result.destroy(error),
      );
    return result;
  }

  /** Returns the service that a listener, Cloud Map service or function leads to; undefined where it is none of a service. */
  serviceAt(uri: string): string | undefined {
    const keys = this.balancers.has(uri) ? this.balancers.groupKeysOf(uri) : [uri];
    const leadsTo = ({ group }: Supervisor) => group.registersWith.some((key) => keys.includes(key));
    return this.functions.get(uri)?.spec.service ?? this.supervisors.find(leadsTo)?.group.service;
  }

  views(): WorkloadView[] {
    return viewsOf(this.supervisors, this.pools, this.outsideTasks, (id) => this.scaling.view(id));
  }

  private variablesOf(started: Started, zone: string): Record<string, string> {
    const addresses = this.regionalAddresses.get(started.region);
    const replaced = Object.entries(started.env).flatMap(([name, value]) => {
      const address = addresses?.get(value);
      return address === undefined ? [] : [[name, address] as const];
    });
    const overrides = { ...this.given.overridesIn(started.region), ...this.overrides };
    const own = { ...overrides, ...this.python.variables(started, overrides) };
    return {
      ...this.credentials.variables(started, zone),
      ...own,
      ...this.outside.replacing(started.env),
      ...Object.fromEntries(replaced),
    };
  }

  private poolOf(uri: string): FunctionPool {
    const pool = this.functions.get(uri);
    if (pool !== undefined) return pool;
    if (this.leftOut !== undefined) throw new FunctionFailure("error", this.leftOut);
    throw new UserError(`integrationUri must be a planned function alias, got ${uri}; correct the integration`);
  }

  private registry(key: string): Registry {
    const found = this.discovery.get(key) ?? this.balancers.groups.get(key);
    if (found === undefined)
      throw new UserError(
        `servers must register with a planned target group or Cloud Map service, got ${key}; plan it`,
      );
    return found;
  }
}
