import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { withExperiments, withoutCalls } from "../conformance/plans";
import { changedValues } from "../helpers/configuration";
import { planAccount } from "../infra/account/fixture";
import { type Change, neighbours, type Row } from "./neighbours";

/** A configuration whose plan is put before the provider. */
export interface Configuration {
  readonly name: string;
  plan(): Promise<Graph>;
}

const eachService = (change: (service: any) => void) => (config: any) =>
  Object.values<any>(config.services).forEach(change);
const everyService = (pattern: string, ingress = "alb") =>
  eachService((service) => Object.assign(service, { pattern, ecs: { ...service.ecs, ingress } }));
const eachCapacity = (capacity: object) => eachService((service) => Object.assign(service.capacity, capacity));
const spot = (spotPercent: number) => eachService((service) => Object.assign(service.ecs, { spotPercent }));
const zones = (letters: string) => (config: any) => {
  for (const region of config.regions) region.zones = [...letters].map((letter) => `${region.name}${letter}`);
};
/** Four zones in two of the regions that have as many. */
const fourZones = (config: any) => {
  for (const [i, region] of config.regions.entries()) region.name = ["us-east-1", "us-west-2"][i];
  zones("abcd")(config);
};
const together =
  (...changes: readonly Change[]): Change =>
  (config) => {
    for (const change of changes) change(config);
  };
const urls = (count: number, path: string) =>
  Array.from({ length: count }, (_, i) => `https://app-${i}.example.com/${path}`);

/** What each further configuration changes in the one of an environment. */
const changes: readonly Row[] = [
  ["dev", "every service on ec2", everyService("ec2")],
  ["dev", "every service on ecs behind Cloud Map", everyService("ecs", "cloudmap")],
  ["dev", "every service on ecs behind the balancer", everyService("ecs", "alb")],
  ["dev", "every service on Beanstalk", everyService("beanstalk")],
  ["dev", "every service on Lambda", everyService("lambda")],
  [
    "dev",
    "three zones, a NAT gateway in each",
    together(zones("abc"), eachCapacity({ max: 8 }), ({ network }) => {
      network.nat = "zone";
    }),
  ],
  ["dev", "four zones", together(fourZones, eachCapacity({ max: 8 }))],
  [
    "dev",
    // Without NAT, shipping could not call its carrier.
    "one NAT gateway, interface endpoints",
    ({ network }) => Object.assign(network, { nat: "single", interfaceEndpoints: true }),
  ],
  ["dev", "experiments of servers and zones", withExperiments],
  ["prod", "experiments of every kind", withExperiments],
  [
    "prod",
    "tables under a customer key",
    (config) => {
      config.tableKey = "customer";
    },
  ],
  [
    "dev",
    "a second region",
    ({ regions }) => regions.push({ name: "us-east-1", cidr: "10.9.0.0/16", zones: ["us-east-1a", "us-east-1b"] }),
  ],
  [
    "dev",
    "roles under a boundary",
    (config) => {
      config.roles = { permissionsBoundary: "arn:aws:iam::123456789012:policy/platform-boundary" };
    },
  ],
  [
    "dev",
    "protected",
    (config) => {
      config.protection = true;
    },
  ],
  [
    "dev",
    "ten people on call",
    ({ alarms }) => {
      alarms.emails = Array.from({ length: 10 }, (_, i) => `on-call-${i}@example.com`);
    },
  ],
  [
    "dev",
    "no origin of browsers",
    ({ cors }) => {
      cors.origins = [];
    },
  ],
  [
    "dev",
    "a hundred sign-in URLs",
    ({ signIn }) => Object.assign(signIn, { callbackUrls: urls(100, "in"), logoutUrls: urls(100, "out") }),
  ],
  [
    "dev",
    "the shortest tokens",
    ({ tokens }) => Object.assign(tokens, { accessMinutes: 5, idMinutes: 5, refreshDays: 1 }),
  ],
  [
    "dev",
    "the longest tokens",
    ({ tokens }) => Object.assign(tokens, { accessMinutes: 1440, idMinutes: 1440, refreshDays: 3650 }),
  ],
  ["dev", "the lowest limits", ({ throttle }) => Object.assign(throttle, { rate: 1, burst: 1 })],
  [
    "dev",
    "logs for a day",
    (config) => {
      config.logRetentionDays = 1;
    },
  ],
  [
    "dev",
    "scaling at one percent",
    eachService(({ scaling, ecs, ec2 }) => {
      scaling.cpuPercent = 1;
      ecs.memoryPercent = 1;
      ec2.requestsPerSecond = 1;
    }),
  ],
  [
    "dev",
    "a named machine image",
    ({ regions }) => {
      regions[0].machineImage = "ami-0123456789abcdef0";
    },
  ],
  [
    "dev",
    "the service's name as the zone's",
    ({ domain }) => {
      domain.api = domain.zone;
    },
  ],
  [
    "dev",
    "a REST API with tenants and a second stage, and firewalls",
    (config) => {
      config.gateways.rest = { stages: ["v2"], waf: { requestsPerFiveMinutes: 1_000 } };
      config.web.waf = { requestsPerFiveMinutes: 1_000 };
      const put = { "pet-store/put-pet": { rate: 1, burst: 1 } };
      config.tenants = {
        tiers: { free: { rate: 1, burst: 3, quota: { requests: 1_000, per: "DAY" }, routes: put } },
      };
    },
  ],
  [
    "dev",
    "a REST API for users, without tenants",
    (config) => {
      config.gateways.rest = {};
    },
  ],
  [
    "prod",
    "a REST API that keeps answers, with tenants",
    (config) => {
      config.gateways.rest = { cache: { gigabytes: 0.5, seconds: 60 } };
      config.tenants = { tiers: { trial: { rate: 1, burst: 1 }, whole: { rate: 100, burst: 200 } } };
    },
  ],
  ...neighbours,
  ["prod", "every service on ec2", everyService("ec2")],
  ["prod", "every service on ecs behind the balancer", everyService("ecs", "alb")],
  ["prod", "every service on Beanstalk", everyService("beanstalk")],
  ["prod", "every service on Lambda", everyService("lambda")],
  ["prod", "one region", ({ regions }) => regions.splice(1)],
  ["prod", "four zones", fourZones],
  ["prod", "large servers, none of them spot", together(eachCapacity({ size: "large" }), spot(0))],
  ["prod", "spot servers alone", spot(100)],
  ["prod", "the largest fleets", eachCapacity({ peak: 400, max: 1000 })],
  [
    "prod",
    "no provisioned concurrency",
    eachService(({ lambda }) => {
      lambda.provisionedConcurrency = 0;
    }),
  ],
  [
    "prod",
    "no endpoints, one NAT gateway",
    ({ network }) => Object.assign(network, { nat: "single", interfaceEndpoints: false }),
  ],
  [
    "prod",
    "the highest limits, logs for ten years",
    (config) => {
      config.logRetentionDays = 3653;
      Object.assign(config.throttle, { rate: 10_000, burst: 5_000 });
    },
  ],
  [
    "prod",
    "a user pool in each region, with pages and mail of their own",
    ({ signIn }) =>
      Object.assign(signIn, {
        ...{ regions: "each", secondFactor: "off", codeByMail: true, recordSignIns: true, product: "Example" },
        ...{ domain: "sign-in.api.example.com", mail: { from: "no-reply@example.com", sender: "ses" } },
      }),
  ],
  [
    "prod",
    "a named machine image",
    ({ regions }) => {
      for (const [i, region] of regions.entries()) region.machineImage = `ami-0123456789abcdef${i}`;
    },
  ],
];

/** The configurations of the project's own files. */
export const own: readonly Configuration[] = [
  { name: "dev", plan: () => planStack("dev") },
  { name: "prod", plan: () => planStack("prod") },
  { name: "account", plan: async () => (await planAccount()).graph },
];

/** Further configurations that the program accepts. */
export const further: readonly Configuration[] = [
  ...changes.map(([environment, name, change]) => ({
    name: `${environment}, ${name}`,
    plan: () => planStack(environment, { config: changedValues(environment, change) }),
  })),
  { name: "prod, no service that calls another", plan: () => withoutCalls(() => planStack("prod")) },
  {
    name: "account, four regions, nobody's CI, the longest retention",
    plan: async () =>
      (
        await planAccount((config) => {
          config.regions = ["eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-2"];
          config.state.retentionDays = 365;
          config.deploy = { principals: config.deploy.principals, sessionMinutes: 720 };
        })
      ).graph,
  },
];
