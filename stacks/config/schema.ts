import { z } from "zod";
import { isVariableValue } from "../../apps/kit/needs";
import { ingressNames, sizeNames } from "../../infra/compute/pattern";
import { patternNames } from "../../infra/compute/registry";
import { zoneLetters } from "./aws-regions";
import { count } from "./count";
import { eventsSchema } from "./events-schema";
import { experimentsSchema } from "./experiments-schema";
import { failoverKeys, failoverSchema } from "./failover-schema";
import {
  distinct,
  domainName,
  emails,
  httpsUrl,
  imageId,
  logRetention,
  origin,
  policyArn,
  regionName,
  zoneDomainName,
  zoneName,
} from "./formats";
import { formerHeadersSchema } from "./former-schema";
import { gatewaysSchema } from "./gateway-schema";
import { issuersSchema } from "./issuer-schema";
import { leaveOutSchema } from "./left-out";
import { liveSchema } from "./live-schema";
import { outsideSchema } from "./outside";
import { outsideImageKeys } from "./outside-image-schema";
import { routesSchema, throttleSchema } from "./route-schema";
import { signInSchema } from "./sign-in-schema";
import { tenantsSchema } from "./tenant-schema";
import { mostUrls } from "./urls";
import { webSchema } from "./web-schema";

/** Classes of environments: which defaults an environment has, and how much it must withstand. */
export const classNames = ["development", "production"] as const;
/** Class of an environment. */
export type EnvironmentClass = (typeof classNames)[number];

const region = z.strictObject({
  name: regionName.meta({ enum: Object.keys(zoneLetters) }).describe("AWS region. The first one is the primary."),
  cidr: z
    .string()
    .max(18)
    .describe("IPv4 block of the region's VPC, private, /16 to /22, none overlapping. Changing it replaces the VPC."),
  zones: z.array(zoneName).min(2).max(4).describe("Availability Zones; production has three at least."),
  machineImage: imageId
    .optional()
    .describe("Image that ec2 servers of the region start from, instead of the image of imageRelease."),
});

/** Schema of the keys that one pattern reads, under its name; they have no effect while another pattern is chosen. */
export const patternKeys = {
  ecs: z
    .strictObject({
      ingress: z
        .enum(ingressNames)
        .describe("How the gateway reaches the tasks: through Cloud Map, or through the region's balancer (alb)."),
      spotPercent: count(
        0,
        100,
        "Percent of the tasks above the minimum that run on Fargate Spot; with 100 all tasks, also the minimum.",
      ),
      memoryPercent: count(1, 100, "Percent of memory, on average, that scaling aims at."),
    })
    .describe("Keys that the pattern ecs reads; they wait while another is chosen."),
  ec2: z
    .strictObject({
      requestsPerSecond: count(1, 10_000, "Requests per second and server that scaling aims at."),
    })
    .describe("Keys that the pattern ec2 reads; they wait while another is chosen."),
  lambda: z
    .strictObject({
      reservedConcurrency: count(
        1,
        900,
        "Concurrent executions that only this function may use, and its most. AWS refuses it to an account whose quota leaves fewer than 100 unreserved.",
      ).optional(),
      provisionedConcurrency: count(
        0,
        900,
        "Concurrent executions that are kept warm; at most reservedConcurrency. AWS refuses it to an account whose quota leaves fewer than 100 unreserved.",
      ).optional(),
    })
    .describe("Keys that the pattern lambda reads; they wait while another is chosen."),
} as const;

const service = z.strictObject({
  pattern: z.enum(patternNames).describe("What runs the service."),
  capacity: z
    .strictObject({
      peak: count(1, 500, "Servers that the highest load needs, without the reserve for a lost zone."),
      max: count(2, 1000, "Servers at most, in each region."),
      size: z.enum(sizeNames).describe("Size of one server or function."),
    })
    .describe("How many servers run in each region, and how large they are. A function has a size only."),
  scaling: z
    .strictObject({ cpuPercent: count(1, 100, "Percent of CPU, on average, that scaling aims at.") })
    .describe("When servers are added. Functions need none."),
  ...patternKeys,
  ...failoverKeys,
  ...outsideImageKeys,
  variables: z
    .record(
      z.string(),
      z
        .string()
        .refine(isVariableValue, "must be one line of at most 1,024 characters without quotes, backslash, # and ;"),
    )
    .optional()
    .describe("Values of the environment variables that the service's contract declares, instead of its defaults."),
  legacyUrl: httpsUrl.optional().describe("Where the service's legacy routes go: an https URL without query."),
  routes: routesSchema,
});

/**
 * Schema of the whole configuration of an environment: every key below `platform:`, after the defaults have been added.
 * It refuses unknown keys. Its descriptions are those of the JSON schema and of docs/reference.md.
 */
export const platformSchema = z.strictObject({
  class: z
    .enum(classNames)
    .describe(
      "development: cheap, may be thrown away. production: survives the loss of a zone at peak load, protected. It chooses defaults; a key of the file takes precedence.",
    ),
  regions: z
    .array(region)
    .min(1)
    .max(2)
    .describe("Where the environment runs. A second region is the standby that Route 53 fails over to."),
  domain: z
    .strictObject({
      zone: zoneDomainName.describe(
        "Hosted zone that the platform owns: a name that you have registered, or one below it. A deployment refuses names below example.com, as Route 53 does.",
      ),
      api: domainName.describe("Name that clients call, inside the zone, of 64 characters at most."),
    })
    .describe("Names of the environment in DNS."),
  network: z
    .strictObject({
      nat: z.enum(["zone", "single", "none"]).describe("NAT gateways: one per zone, a single one, or none."),
      interfaceEndpoints: z
        .boolean()
        .describe("Whether there are private endpoints, in every zone, for the AWS APIs that workloads call."),
    })
    .describe("Ways from the VPC to AWS's APIs and to the internet."),
  protection: z.boolean().describe("Deletion protection on everything that stores data or identity."),
  logRetentionDays: logRetention.describe("Days that CloudWatch keeps logs."),
  roles: z
    .strictObject({
      permissionsBoundary: policyArn
        .optional()
        .describe(
          "ARN of the policy that bounds every role of the environment, as the account's deploy role demands: an output of account/, or a policy that AWS manages. Without it roles have no bound, which an administrator may deploy.",
        ),
    })
    .describe("IAM roles of the environment."),
  alarms: z
    .strictObject({ emails: emails.describe("E-mail addresses that alarms notify; each must confirm once.") })
    .describe("Who is told when an alarm goes off."),
  cors: z
    .strictObject({
      origins: distinct(origin, 0, mostUrls.origins).describe(
        "Exact origins that browsers may send requests from; never *.",
      ),
    })
    .describe("Requests of browsers."),
  signIn: signInSchema,
  tokens: z
    .strictObject({
      accessMinutes: count(5, 1440, "Minutes that an access token is valid."),
      idMinutes: count(5, 1440, "Minutes that an id token is valid."),
      refreshDays: count(1, 3650, "Days that a refresh token is valid."),
      pool: z
        .boolean()
        .describe("Whether the gateways admit the user pool's tokens; false leaves those of platform:issuers alone."),
    })
    .describe("Tokens of the user pool: their lifetimes, and whether they are admitted."),
  issuers: issuersSchema,
  formerHeaders: formerHeadersSchema,
  events: eventsSchema,
  targets: z
    .strictObject({
      availabilityPercent: z.number().min(90).max(99.999).describe("Percent of the time that each service answers."),
      recoveryTimeSeconds: count(95, 86_400, "Seconds until requests are answered again after the loss of a region."),
    })
    .describe("What the environment promises."),
  throttle: throttleSchema.describe("Limit of routes without one of their own, per region."),
  gateways: gatewaysSchema,
  failover: failoverSchema,
  leaveOut: leaveOutSchema,
  outside: outsideSchema,
  tenants: tenantsSchema,
  web: webSchema,
  live: liveSchema,
  experiments: experimentsSchema,
  imageRelease: z
    .string()
    .regex(
      /^2023\.\d{1,3}\.20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\.\d{1,3}$/,
      "must be a release of Amazon Linux 2023 such as 2023.12.20261012.0 (its version, the date and a number)",
    )
    .describe(
      "Release of Amazon Linux 2023 that ec2 servers start from, the same in every region. AWS's release notes list them; `aws ec2 describe-images --owners amazon --filters 'Name=name,Values=al2023-ami-2023.*-kernel-6.1-arm64' --query 'Images[].Name'` has each one's last number too. A newer release replaces the servers, a few at a time.",
    ),
  beanstalkPlatform: z
    .string()
    .regex(
      /^(managed|64bit Amazon Linux 2023 v\d+\.\d+\.\d+ running Node\.js \d+)$/,
      'must be managed, or a Beanstalk platform on Amazon Linux 2023 such as "64bit Amazon Linux 2023 v6.6.2 running Node.js 22"',
    )
    .describe(
      "managed: the newest platform at creation, which Beanstalk's managed updates then move on; or an exact solution stack of `aws elasticbeanstalk list-available-solution-stacks`, which is pinned, without managed updates.",
    ),
  tableKey: z
    .enum(["aws", "customer"])
    .describe(
      "Key that encrypts the tables. aws: AWS's own key for DynamoDB. customer: a KMS key of this account, the same in every region, whose use CloudTrail records. A later change deletes the replicas of the tables and creates them again.",
    ),
  services: z
    .record(z.string(), service)
    .describe("One entry per service of apps/catalog.ts, and those that run an image from outside."),
});

/** The whole configuration of an environment, as `platformSchema` accepts it. */
export type PlatformConfig = z.infer<typeof platformSchema>;
/** The whole configuration of one service in an environment. */
export type ServiceConfig = z.infer<typeof service>;

/** What people write of a value: any part of it, as the rest has defaults. */
export type Written<Value> = Value extends readonly (infer Entry)[]
  ? readonly Written<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Written<Value[Key]> | undefined }
    : Value;
