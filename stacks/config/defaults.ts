import type { EnvironmentClass, PlatformConfig, ServiceConfig, Written } from "./schema";

/** Defaults of an environment, and of each of its services. */
export interface Defaults {
  readonly platform: Written<Omit<PlatformConfig, "services">>;
  readonly service: Written<ServiceConfig>;
}

/** Defaults of every environment. */
export const generalDefaults: Defaults = {
  platform: {
    class: "production",
    roles: {},
    alarms: { emails: [] },
    events: { subscribers: [], emails: [] },
    cors: { origins: [] },
    signIn: {
      regions: "primary",
      signUp: { open: true, domains: [], disposable: "allowed" },
      secondFactor: "optional",
      password: { minimumLength: 12, history: 0 },
      nativeCallbackUrls: [],
      providers: {},
      codeByMail: false,
      recordSignIns: false,
    },
    tokens: { refreshDays: 30, pool: true },
    throttle: { rate: 500, burst: 250 },
    gateways: { http: {}, private: { name: "internal" } },
    failover: {},
    leaveOut: [],
    outside: {},
    // The newest release with a public source on 2026-11-26: the images that AWS built its EKS images of 2026-10-14 from,
    // https://github.com/awslabs/amazon-eks-ami/releases/tag/v20261012. A newer one here replaces servers, by an instance
    // refresh, in every environment that names none itself.
    imageRelease: "2023.12.20261012.0",
    beanstalkPlatform: "managed",
    tableKey: "aws",
  },
  service: { scaling: {}, ecs: { ingress: "cloudmap" }, lambda: {} },
};

/**
 * Defaults of the environments of a class, which take precedence over `generalDefaults`. Functions reserve no
 * concurrency by default, as AWS refuses that to a new account.
 */
export const classDefaults: Readonly<Record<EnvironmentClass, Defaults>> = {
  development: {
    platform: {
      network: { nat: "single", interfaceEndpoints: false },
      protection: false,
      logRetentionDays: 7,
      tokens: { accessMinutes: 60, idMinutes: 60 },
      targets: { availabilityPercent: 99.5, recoveryTimeSeconds: 300 },
    },
    service: { capacity: { peak: 1, size: "small" }, ecs: { spotPercent: 100 }, ec2: { requestsPerSecond: 50 } },
  },
  production: {
    platform: {
      network: { nat: "zone", interfaceEndpoints: true },
      protection: true,
      logRetentionDays: 90,
      tokens: { accessMinutes: 15, idMinutes: 15 },
      targets: { availabilityPercent: 99.9, recoveryTimeSeconds: 120 },
    },
    service: { capacity: { peak: 2, size: "medium" }, ecs: { spotPercent: 50 }, ec2: { requestsPerSecond: 100 } },
  },
};

/** Number of zones of a region, by class; a region may have fewer. */
export const zoneCounts: Readonly<Record<EnvironmentClass, number>> = { development: 2, production: 3 };

/** How many times the minimum of servers a service may have, by class. */
export const maximumFactors: Readonly<Record<EnvironmentClass, number>> = { development: 2, production: 4 };

/** Blocks of the first and second region, by class; none overlap, so that two environments can be connected. */
export const regionBlocks: Readonly<Record<EnvironmentClass, readonly string[]>> = {
  development: ["10.8.0.0/16", "10.12.0.0/16"],
  production: ["10.16.0.0/16", "10.24.0.0/16"],
};
