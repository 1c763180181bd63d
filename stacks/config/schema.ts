import { z } from "zod";
import { ingressNames, sizeNames } from "../../infra/compute/pattern";
import { patternNames } from "../../infra/compute/registry";
import {
  distinct,
  domainName,
  emails,
  httpsUrl,
  imageId,
  origin,
  policyArn,
  regionName,
  signInUrl,
  zoneDomainName,
  zoneName,
} from "./formats";

/**
 * Days of log retention that CloudWatch accepts.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const count = (min: number, max: number) => z.int().min(min).max(max);
const percent = count(1, 100);
const region = z.strictObject({
  name: regionName,
  cidr: z.string().max(18),
  zones: z.array(zoneName).min(2).max(4),
  machineImage: imageId.optional(),
});

const throttle = z.strictObject({ rate: count(1, 10_000), burst: count(1, 5_000) });

const service = z.strictObject({
  pattern: z.enum(patternNames),
  ingress: z.enum(ingressNames),
  capacity: z.strictObject({
    peak: count(1, 500),
    max: count(2, 1000),
    size: z.enum(sizeNames),
    spotPercent: count(0, 100),
  }),
  scaling: z.strictObject({ cpuPercent: percent, memoryPercent: percent, requestsPerSecond: count(1, 10_000) }),
  functions: z
    .strictObject({
      reservedConcurrency: count(1, 900).optional(),
      provisionedConcurrency: count(0, 900).optional(),
    })
    .optional(),
  legacyUrl: httpsUrl.optional(),
  /** Changes to the routes of the service's contract, by route id. */
  routes: z
    .record(z.string(), z.strictObject({ enabled: z.boolean().optional(), throttle: throttle.optional() }))
    .optional(),
});

/** Schema of the configuration of an environment: every key below `platform:`. It refuses unknown keys. */
export const platformSchema = z.strictObject({
  regions: z.array(region).min(1).max(2),
  domain: z.strictObject({ zone: zoneDomainName, api: domainName }),
  network: z.strictObject({ nat: z.enum(["zone", "single", "none"]), interfaceEndpoints: z.boolean() }),
  protection: z.boolean(),
  logRetentionDays: z
    .int()
    .refine((days) => retentionDays.includes(days), `must be one of ${retentionDays.join(", ")}`),
  roles: z.strictObject({ permissionsBoundary: policyArn.optional() }),
  alarms: z.strictObject({ emails }),
  cors: z.strictObject({ origins: distinct(origin, 0, 20) }),
  signIn: z.strictObject({
    domainPrefix: z
      .string()
      .regex(
        /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        "must be 1-63 of a-z, 0-9 and -, without aws, amazon or cognito",
      ),
    callbackUrls: distinct(signInUrl, 1, 100),
    logoutUrls: distinct(signInUrl, 1, 100),
  }),
  tokens: z.strictObject({ accessMinutes: count(5, 1440), idMinutes: count(5, 1440), refreshDays: count(1, 3650) }),
  targets: z.strictObject({
    availabilityPercent: z.number().min(90).max(99.999),
    recoveryTimeSeconds: count(90, 86_400),
  }),
  throttle,
  imageRelease: z
    .string()
    .regex(
      /^2023\.\d{1,3}\.20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\.\d{1,3}$/,
      "must be a release of Amazon Linux 2023 such as 2023.12.20261012.0 (its version, the date and a number)",
    ),
  /** `managed`, or the exact platform that is pinned. The CLI refuses a key without a value or default. */
  beanstalkPlatform: z
    .string()
    .regex(
      /^(managed|64bit Amazon Linux 2023 v\d+\.\d+\.\d+ running Node\.js \d+)$/,
      'must be managed, or a Beanstalk platform on Amazon Linux 2023 such as "64bit Amazon Linux 2023 v6.6.2 running Node.js 22"',
    ),
  tableKey: z.enum(["aws", "customer"]),
  services: z.record(z.string(), service),
});

/** The configuration of an environment, as `platformSchema` accepts it. */
export type PlatformConfig = z.infer<typeof platformSchema>;
/** The configuration of one service in an environment. */
export type ServiceConfig = z.infer<typeof service>;
