import { canonical, isKnownValue, type Properties } from "./values";

/** Whether a change of the path that it is kept under replaces the resource. */
type Condition = (olds: Properties, news: Properties) => boolean;
type Conditions = Readonly<Record<string, Condition>>;

// The account of every plan, and of the engine tests.
const ACCOUNT = "123456789012";

const isSet = (value: any) => value !== undefined && value !== null && value !== "";
const addedOrRemoved =
  (key: string): Condition =>
  (olds, news) =>
    isSet(olds[key]) !== isSet(news[key]);
const lowered = (before: any, after: any) => (after ?? 0) < (before ?? 0);

/** One source may be given to a rule: to give another kind of it sets one and clears the other. */
const sourceOfRule: Conditions = {
  cidrIpv4: addedOrRemoved("cidrIpv4"),
  cidrIpv6: addedOrRemoved("cidrIpv6"),
  prefixListId: addedOrRemoved("prefixListId"),
  referencedSecurityGroupId: addedOrRemoved("referencedSecurityGroupId"),
};

/** To name the own account, where none was named, says nothing new. */
const ownerMoves: Conditions = {
  expectedBucketOwner: (olds, news) => isSet(olds["expectedBucketOwner"]) || news["expectedBucketOwner"] !== ACCOUNT,
};

const conditions: Readonly<Record<string, Conditions>> = {
  "aws:cognito/userPoolDomain:UserPoolDomain": { certificateArn: addedOrRemoved("certificateArn") },
  "aws:dynamodb/table:Table": {
    importTable: addedOrRemoved("importTable"),
    restoreSourceName: (_, news) => isSet(news["restoreSourceName"]),
    restoreSourceTableArn: (_, news) => isSet(news["restoreSourceTableArn"]),
    "warmThroughput.readUnitsPerSecond": warmThroughputFalls("readUnitsPerSecond"),
    "warmThroughput.writeUnitsPerSecond": warmThroughputFalls("writeUnitsPerSecond"),
  },
  "aws:ec2/natGateway:NatGateway": {
    availabilityZoneAddresses: addedOrRemoved("availabilityZoneAddresses"),
    secondaryPrivateIpAddressCount: (_, news) =>
      news["connectivityType"] === "private" && isSet(news["secondaryPrivateIpAddressCount"]),
  },
  "aws:ec2/subnet:Subnet": { ipv6CidrBlock: (olds) => olds["assignIpv6AddressOnCreation"] === true },
  "aws:ec2/vpc:Vpc": {
    instanceTenancy: (olds, news) =>
      olds["instanceTenancy"] !== "dedicated" || (news["instanceTenancy"] ?? "default") !== "default",
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { privateDnsEnabled: (_, news) => news["vpcEndpointType"] !== "Interface" },
  "aws:lambda/function:Function": {
    durableConfig: addedOrRemoved("durableConfig"),
    tenancyConfig: addedOrRemoved("tenancyConfig"),
  },
  // With the life cycle of its resource, it is invoked again instead.
  "aws:lambda/invocation:Invocation": { input: (_, news) => news["lifecycleScope"] !== "CRUD" },
  "aws:lb/loadBalancer:LoadBalancer": {
    secondaryIpsAutoAssignedPerSubnet: (olds, news) =>
      isNetwork(news) && lowered(olds["secondaryIpsAutoAssignedPerSubnet"], news["secondaryIpsAutoAssignedPerSubnet"]),
    securityGroups: ofNetworks("securityGroups", (before, after) => (before.length === 0) !== (after.length === 0)),
    subnetMappings: mappingsReplace,
    subnets: ofNetworks("subnets", (before, after) => after.length <= before.length),
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ownerMoves,
  "aws:s3/bucketVersioning:BucketVersioning": ownerMoves,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": sourceOfRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": sourceOfRule,
};

/** Services of AWS that are in no region, or whose types take none. */
const regionless = /^aws:(cloudfront|iam|route53)\/|^(?!aws:)/;

/** Tells whether a type has the input `region`. */
export function takesRegion(type: string): boolean {
  return !regionless.test(type);
}

/**
 * Returns the paths whose change replaces a resource of the type only sometimes, with when. Since version 6, `region`
 * replaces each resource that takes it; to spell out the provider's own region, which is not known here, does not.
 */
export function conditionsOf(type: string): Conditions {
  const region: Conditions = takesRegion(type) ? { region: () => true } : {};
  return { ...conditions[type], ...region };
}

function warmThroughputFalls(key: string): Condition {
  return (olds, news) =>
    isSet(news["warmThroughput"]?.[key]) && lowered(olds["warmThroughput"]?.[key], news["warmThroughput"][key]);
}

function isNetwork(balancer: Properties): boolean {
  return balancer["loadBalancerType"] === "network";
}

/** Of a balancer of networks, once the new list is known. */
function ofNetworks(key: string, replaces: (before: readonly any[], after: readonly any[]) => boolean): Condition {
  return (olds, news) => isNetwork(news) && isKnownValue(news[key]) && replaces(list(olds[key]), list(news[key]));
}

/** A balancer of networks may win mappings, one of applications also lose some, with the rest as it was. */
function mappingsReplace(olds: Properties, news: Properties): boolean {
  if (!isKnownValue(news["subnetMappings"])) return false;
  const before = list(olds["subnetMappings"]).map(canonical);
  const after = new Set(list(news["subnetMappings"]).map(canonical));
  const kept = before.filter((mapping) => after.has(mapping)).length;
  if (isNetwork(news)) return kept < before.length;
  return news["loadBalancerType"] !== "gateway" && kept < Math.min(before.length, after.size);
}

function list(value: any): readonly any[] {
  return Array.isArray(value) ? value : [];
}
