import type { PlannedResource } from "../model";
import { ofHomeKeys } from "./accepted";
import type { LedgerContext } from "./context";
import { inRegion, type Need, type Place, type Purpose } from "./need";
import { mentionsIn } from "./places";
import { purposesOfRole } from "./purpose-of";
import { globalServicesPage, serviceNamed } from "./services";

/** Calls that only say that something runs, and why it runs without them. */
const watching: readonly (readonly [RegExp, string])[] = [
  [/^logs:/, "logs are kept in memory or dropped, and requests go on"],
  [/^xray:/, "traces are dropped, and requests go on"],
  [/^cloudwatch:PutMetricData$/, "metrics are dropped, and requests go on"],
  [/^elasticbeanstalk:PutInstanceStatistics$/, "health reports are dropped, and requests go on"],
];

/** Calls with which Lambda joins a function's environments to the VPC. */
const joinsVpc = /^ec2:(\w+NetworkInterfaces?|\w+PrivateIpAddresses|DescribeSubnets)$/;

/** Calls of a server that it makes when it starts, as well as later. */
const alsoAtStart = /^(ssm|secretsmanager|kms):/;

/** Buckets that servers read what they run from. */
const artifactBuckets = /artifacts|:::elasticbeanstalk-/;

/** Calls that nothing but a person's session needs, and one that is no call. */
const forPeople = /^(ssmmessages:|ec2messages:|ssm:(UpdateInstanceInformation|StartSession)|iam:PassRole$)/;

/** Calls of S3 that change a bucket, which us-east-1 answers for all regions. */
const changesBucket =
  /^s3:(CreateBucket|DeleteBucket\w*|PutBucket\w+|PutEncryptionConfiguration|PutLifecycleConfiguration)$/;

/** Policies of AWS that allow calls of a control plane of one region, by a part of their name. */
const managed: readonly (readonly [RegExp, string])[] = [
  [/Route53Recovery|ApplicationRecovery/, "route53-recovery-control-config"],
  [/Route53/, "route53"],
  [/CloudFront/, "cloudfront"],
  [/^IAM|\/IAM/, "iam"],
  [/Organizations/, "organizations"],
  [/GlobalAccelerator/, "globalaccelerator"],
];

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A table of idempotency keys, and its region. */
const keyTable = /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):\d*:table\/[^/]+-idempotency-keys(-[0-9a-f]{7})?$/;

/** What a claim of an idempotency key does. */
const claims = /^dynamodb:(DeleteItem|PutItem|UpdateItem)$/;

/** Returns the calls that a policy of a role allows, as what the role's users need. */
export function needsOfPolicy(resource: PlannedResource, context: LedgerContext): Need[] {
  const { type, inputs, region } = resource;
  if (region === undefined) return [];
  if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
    return needsOfAttachment(inputs, region, purposesOfUser(inputs["role"], context), context);
  }
  if (type === "aws:iam/role:Role") {
    const purposes = purposesOfRole(resource, context);
    const inline = (inputs["inlinePolicies"] ?? []) as { policy?: unknown }[];
    return [
      ...inline.flatMap(({ policy }) => needsOfDocument(policy, region, purposes, context)),
      ...list<string>(inputs["managedPolicyArns"]).flatMap((policyArn) =>
        needsOfAttachment({ policyArn }, region, purposes, context),
      ),
    ];
  }
  if (type !== "aws:iam/rolePolicy:RolePolicy") return [];
  return needsOfDocument(inputs["policy"], region, purposesOfUser(inputs["role"], context), context);
}

function purposesOfUser(reference: unknown, context: LedgerContext): readonly Purpose[] {
  const role = context.role(reference);
  return role === undefined ? ["serve"] : purposesOfRole(role, context);
}

function needsOfAttachment(
  { policyArn }: Readonly<Record<string, unknown>>,
  region: string,
  purposes: readonly Purpose[],
  context: LedgerContext,
): Need[] {
  const own = context.graph.resources.find(
    ({ type, outputs }) => type === "aws:iam/policy:Policy" && outputs["arn"] === policyArn,
  );
  if (own !== undefined) return needsOfDocument(own.inputs["policy"], region, purposes, context);
  const [, name] = managed.find(([pattern]) => pattern.test(String(policyArn).split("/").at(-1)!)) ?? [];
  if (name === undefined) return [];
  const { name: service, control = region, source } = serviceNamed(name);
  return [
    {
      purposes,
      service,
      call: "changes that a policy of AWS allows",
      plane: "control",
      place: inRegion(control),
      source,
    },
  ];
}

function needsOfDocument(
  policy: unknown,
  region: string,
  purposes: readonly Purpose[],
  context: LedgerContext,
): Need[] {
  if (purposes.length === 0) return [];
  const statements = statementsOf(policy);
  const homes = new Set(statements.flatMap((each) => homeOfClaims(each) ?? []));
  return statements.flatMap((statement) => {
    if (statement.Effect !== "Allow") return [];
    const byService = new Map<string, string[]>();
    for (const action of list(statement.Action).filter((each) => !forPeople.test(each))) {
      const [service = ""] = action.split(":");
      byService.set(service, [...(byService.get(service) ?? []), action]);
    }
    return [...byService]
      .flatMap(([service, actions]) => needsOfActions(service, actions, statement, region, purposes, context))
      .map((need) => (isOfHomeKeys(need, statement, region, homes) ? { ...need, call: need.call + ofHomeKeys } : need));
  });
}

/** Returns the region whose idempotency keys a statement allows to claim, and nothing else. */
function homeOfClaims({ Effect, Action, Resource }: Statement): string | undefined {
  const regions = list(Resource).map((each) => keyTable.exec(each)?.[1]);
  const alone = Effect === "Allow" && regions.length === 1 && list(Action).every((each) => claims.test(each));
  return alone ? regions[0] : undefined;
}

/** Tells whether a call claims keys in another region, or has DynamoDB use the key of their table for that. */
function isOfHomeKeys({ place }: Need, statement: Statement, region: string, homes: ReadonlySet<string>): boolean {
  if (place.kind !== "region" || place.name === region) return false;
  return homeOfClaims(statement) === place.name || (isByDynamoDb(statement) && homes.has(place.name));
}

/** Tells whether a statement allows the use of a key to DynamoDB alone, which asks for it when a table is used. */
function isByDynamoDb({ Condition = {} }: Statement): boolean {
  const through = Object.values(Condition).flatMap((each) => list(each["kms:ViaService"] as string | undefined));
  return through.length > 0 && through.every((each) => each.startsWith("dynamodb."));
}

function needsOfActions(
  name: string,
  actions: readonly string[],
  statement: Statement,
  region: string,
  purposes: readonly Purpose[],
  context: LedgerContext,
): Need[] {
  const { name: service, control, source } = serviceNamed(name);
  const [, soft] = watching.find(([pattern]) => actions.every((each) => pattern.test(each))) ?? [];
  const need = (place: Place, plane: Need["plane"], page = source): Need => ({
    ...{
      purposes: purposesOfActions(actions, statement, purposes),
      service,
      call: actions.map((each) => each.split(":")[1]).join(", "),
      plane,
      place,
      source: page,
    },
    ...(soft === undefined ? {} : { soft }),
  });
  if (name === "route53-recovery-cluster") return [need({ kind: "global", name: "five regions of a cluster" }, "data")];
  if (control !== undefined) return [need(inRegion(control), "control")];
  const extra: Need[] = [];
  if (actions.some((each) => changesBucket.test(each)))
    extra.push(need(inRegion("us-east-1"), "control", globalServicesPage));
  if (actions.some((each) => /^servicediscovery:(Register|Deregister)Instance$/.test(each))) {
    extra.push({
      ...need(inRegion("us-east-1"), "control", globalServicesPage),
      service: "Amazon Route 53 private DNS",
    });
  }
  const places = placesOf(list(statement.Resource), region, context);
  return [...extra, ...places.map((place) => need(place, "data"))];
}

/** Returns which of a role's purposes some of its calls are needed for. */
function purposesOfActions(
  actions: readonly string[],
  statement: Statement,
  purposes: readonly Purpose[],
): readonly Purpose[] {
  if (actions.every((each) => joinsVpc.test(each))) return ["scale"];
  const atStart = purposes.filter((each) => each !== "serve");
  if (!purposes.includes("serve") || atStart.length === 0) return purposes;
  if (isByDynamoDb(statement)) return ["serve"];
  if (actions.some((each) => alsoAtStart.test(each))) return purposes;
  return list(statement.Resource).every((each) => artifactBuckets.test(each)) ? atStart : ["serve"];
}

/** Where the resources of a statement are: the caller's region, where they do not say. */
function placesOf(resources: readonly string[], region: string, context: LedgerContext): Place[] {
  const places = resources.flatMap((resource) => {
    const [, , , own] = resource.split(":");
    if (own?.includes("*")) return [];
    return mentionsIn(resource, "Resource", context).map(({ place }) => place);
  });
  const distinct = new Map(places.map((place) => [`${place.kind} ${place.name}`, place]));
  return distinct.size === 0 ? [inRegion(region)] : [...distinct.values()];
}

function statementsOf(policy: unknown): readonly Statement[] {
  try {
    return list((typeof policy === "string" ? JSON.parse(policy) : policy)?.Statement);
  } catch {
    return [];
  }
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}
