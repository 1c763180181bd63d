import type { Graph, PlannedResource } from "../../../graph/model";
import type { ConfigOf } from "../../../policy/pack/policies";
import { rules } from "../../../policy/rules";
import { Stack } from "../../../policy/stack/stack";
import { checkOne, rawOf } from "../direct";

/** Input properties that a rule reads while it judges a plan: `type path`, elements of lists as `*`. */
export function readPaths(graph: Graph, configOf: ConfigOf): Set<string> {
  const found = new Set<string>();
  const stack = new Stack(rawOf(graph, (resource) => watched(resource, found)));
  for (const rule of rules) checkOne(rule, stack, configOf);
  return found;
}

function watched({ type, inputs, outputs }: PlannedResource, found: Set<string>): Record<string, any> {
  const watch = (value: any, path: string): any => {
    if (typeof value !== "object" || value === null) return value;
    return new Proxy(value, {
      get(target, key) {
        const item = target[key];
        if (typeof key !== "string" || !Object.hasOwn(target, key) || key === "length") return item;
        const own = `${path}${path === "" ? "" : "."}${Array.isArray(target) ? "*" : key}`;
        if (typeof item !== "object" || item === null) found.add(`${type} ${own}`);
        return watch(item, own);
      },
    });
  };
  return new Proxy(watch(inputs, ""), { get: (target, key: string) => target[key] ?? outputs[key] });
}

/** Properties that rules read and no mutant breaks, with the reason. */
export const unbroken: readonly (readonly [path: RegExp, why: string])[] = [
  [
    / (apiId|autoscalingGroupName|arn|bucket|cluster|connectionId|eventSourceArn|function|functionName|iamInstanceProfile\.arn|loadBalancerArn|queueUrl|repository|resourceArn|resourceId|restApi|role|securityGroupIds?(\.\*)?|source|taskDefinition|taskRoleArn|vpcId|zoneId)$/,
    "says what the resource belongs to: AWS refuses the program without it, and every resource it could name instead is judged itself",
  ],
  [
    / (mixedInstancesPolicy\.launchTemplate\.launchTemplateSpecification\.launchTemplateId|serviceRegistries\..*|defaultActions\..*|childHealthchecks\.\*|records\.\*|target\.arn|(alarm|ok)Actions\.\*|endpoint|queues\.\*\..*)$/,
    "says what the resource leads to: a program that leads elsewhere is another program, and the resource is judged where it is",
  ],
  [/ (dimensions|metricQueries)\b/, "says what an alarm watches; that there is an alarm is mutated by taking it out"],
  [
    /Distribution (origins\.\*\.(domainName|originId)|originGroups\.\*\.originId|orderedCacheBehaviors\.\*\.targetOriginId)$/,
    "names a bucket, or which origin a behaviour or a group has; that pages have a group of two is mutated",
  ],
  [
    /Distribution (defaultRootObject|defaultCacheBehavior\.functionAssociations\.\*\.eventType)$/,
    "stand beside each other: the function leads the root to the page as well",
  ],
  [
    / (name|attributes\.\*\.name|description|setIdentifier|serviceName|stageName|tags\.(region|service)|settings\.\*\.(name|namespace|resource))$/,
    "names the resource or the setting; the setting's value is mutated",
  ],
  [
    /[ .](imageId|port|protocol|protocolType|vpcEndpointType|targetType|loadBalancerType|tier|type|principal|metadataOptions\.httpEndpoint|autoVerifiedAttributes\.\*)$/,
    "decides which kind it is, and thereby which rules apply",
  ],
  [
    /(predefinedMetricType|routeSettings\.\*\.routeKey|healthCheckId|environment\.variables\.[A-Z_]+|settings\.\*\.value)$/,
    "is mutated where it means something: percentages, primary records, and the variables and settings that rules look for",
  ],
  [
    / (ingress\.\*\..*|fromPort|toPort|ipProtocol)$/,
    "is one word of a rule of the fence; the rule as a whole is opened instead",
  ],
  [
    / (batchSize|schemas\.\*\.attributeDataType|(defaultC|c)apacityProviderStrategies\.\*\.base|(access|id|refresh)TokenValidity)$/,
    "decides whether the bounds, the weight, the unit or the answer per message beside it are needed, and those are mutated",
  ],
  [
    / solutionStackName$/,
    "may stand beside managed updates where the program ignores its changes: an option, no input",
  ],
  [/ assumeRolePolicy\./, "is part of a document whose statements are mutated"],
  [/ instanceRefresh\.preferences\.autoRollback$/, "stands beside alarms that stop a refresh as well"],
  [
    /BucketLifecycleConfiguration rules\./,
    "decides whether the bucket's data expires; for the buckets whose data does not, versioning is mutated",
  ],
  [
    /FunctionEventInvokeConfig maximumEventAgeInSeconds$/,
    "stands beside the attempts, which bound the retries as well",
  ],
  [/ aliases\.\*\.evaluateTargetHealth$/, "counts only where a primary record has no health check, which is mutated"],
  [/ containerDefinitions$/, "is a document whose fields are mutated"],
  [
    / emailConfiguration\.emailSendingAccount$/,
    "is what the pack advises against in prod, with an answer in tests/policy/advice.ts; a case of tests/policy/cases breaks a pool that sends by SES",
  ],
];

/** Whether a break changes this path, something above it or something below it. */
export function isBroken(read: string, breaks: Readonly<Record<string, object>>): boolean {
  const [type = "", path = ""] = read.split(" ");
  return Object.keys(breaks[type] ?? {}).some((pattern) => {
    const own = pattern.split("#")[0]!.replace(/\.\d+(?=\.|$)/g, ".*");
    return own === path || path.startsWith(`${own}.`) || own.startsWith(`${path}.`);
  });
}
