import type { GraphIndex, PlannedResource } from "../../graph/model";
import { archiveFolder } from "../s3/artifacts";
import { oneOf, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";
import type { FunctionSpec } from "./function-spec";

/** Default quota of concurrent executions in an AWS account, the most of a function without a reservation. */
const defaultAccountConcurrency = 1_000;

/** Resources that say which functions they invoke. */
const invokers = [
  "aws:scheduler/schedule:Schedule",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:pipes/pipe:Pipe",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:sns/topicSubscription:TopicSubscription",
];

/** Reads every planned function that something invokes: by its alias, or itself. */
export function readFunctions(index: GraphIndex, zones: Zones): FunctionSpec[] {
  const named = namesInInvokers(index);
  const invokedThemselves = index
    .ofType("aws:lambda/function:Function")
    .filter(({ outputs }) => named.has(outputs["arn"]) || named.has(outputs["name"]));
  return [
    ...index.ofType("aws:lambda/alias:Alias").map((alias) => ({
      ...specOf(alias, functionOf(index, alias), zones),
      ...provisionedOf(index, alias),
    })),
    ...invokedThemselves.map((each) => specOf(each, each, zones)),
  ];
}

/** Returns every text in the inputs of resources that invoke functions: ARNs and names of functions are among them. */
function namesInInvokers(index: GraphIndex): Set<unknown> {
  const texts = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [value];
  return new Set(invokers.flatMap((type) => index.ofType(type).flatMap(({ outputs }) => texts(outputs))));
}

/** Scaling keeps the number that it is told as its least; without it the alias has one of its own. */
function provisionedOf(index: GraphIndex, alias: PlannedResource): Pick<FunctionSpec, "provisionedConcurrency"> {
  const { functionName, name } = alias.outputs;
  const own = index
    .ofType("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig")
    .find(({ outputs }) => outputs["functionName"] === functionName && outputs["qualifier"] === name);
  const scaled = index
    .ofType("aws:appautoscaling/target:Target")
    .find(
      ({ region, outputs }) => region === alias.region && outputs["resourceId"] === `function:${functionName}:${name}`,
    );
  const number = scaled?.outputs["minCapacity"] ?? own?.outputs["provisionedConcurrentExecutions"];
  return number === undefined ? {} : { provisionedConcurrency: number };
}

function functionOf(index: GraphIndex, alias: PlannedResource): PlannedResource {
  return (
    index
      .ofType("aws:lambda/function:Function")
      .find(
        (each) =>
          each.region === alias.region &&
          [each.outputs["name"], each.outputs["arn"]].includes(alias.outputs["functionName"]),
      ) ?? unsupported(alias, "functionName", "a planned function", alias.outputs["functionName"])
  );
}

/** @param invoked  the alias, or the function itself */
function specOf(invoked: PlannedResource, lambdaFunction: PlannedResource, zones: Zones): FunctionSpec {
  const { outputs } = lambdaFunction;
  oneOf(lambdaFunction, "packageType", [undefined, "Zip"], outputs["packageType"]);
  const [, file, name] =
    /^(.+)\.([^.]+)$/.exec(outputs["handler"] ?? "") ??
    unsupported(lambdaFunction, "handler", "file.export", outputs["handler"]);
  const inPython = String(outputs["runtime"]).startsWith("python");
  const env = outputs["environment"]?.variables ?? {};
  const subnets: string[] = outputs["vpcConfig"]?.subnetIds ?? [];
  return {
    aliasArn: invoked.outputs["arn"],
    invokeArn: invoked.outputs["invokeArn"],
    functionName: outputs["name"],
    service: env["SERVICE_NAME"] ?? lambdaFunction.name,
    region: lambdaFunction.region!,
    // A function outside the VPC runs in every zone of the region.
    zones:
      subnets.length > 0
        ? zones.ofSubnets(lambdaFunction, "vpcConfig.subnetIds", subnets)
        : zones.ofRegion(lambdaFunction.region!),
    ...(inPython ? { runtime: "python", file: `${file}.py` } : { file: `${file}.cjs` }),
    export: name!,
    cwd: archiveFolder(lambdaFunction, "code"),
    env,
    ...(outputs["role"] && { role: { roleArn: outputs["role"], by: "function" } }),
    // Lambda's defaults.
    memoryMegabytes: outputs["memorySize"] ?? 128,
    timeoutSeconds: outputs["timeout"] ?? 3,
    reservedConcurrency: outputs["reservedConcurrentExecutions"] ?? defaultAccountConcurrency,
  };
}
