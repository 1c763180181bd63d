import type { GraphIndex } from "../../graph/model";
import { archiveOf } from "../s3/artifacts";
import { oneOf, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";
import type { FunctionSpec } from "./function-spec";

/** An account's default limit of concurrent executions. */
const accountConcurrency = 1_000;

/** Every planned function that has an alias: gateways invoke aliases only. */
export function readFunctions(index: GraphIndex, zones: Zones): FunctionSpec[] {
  return index.ofType("aws:lambda/alias:Alias").map((alias) => {
    const handler = index
      .ofType("aws:lambda/function:Function")
      .find(
        (each) =>
          each.region === alias.region &&
          [each.outputs["name"], each.outputs["arn"]].includes(alias.outputs["functionName"]),
      );
    if (handler === undefined) unsupported(alias, "functionName", "a planned function", alias.outputs["functionName"]);
    const { outputs } = handler;
    oneOf(handler, "packageType", [undefined, "Zip"], outputs["packageType"]);
    const [, file, name] =
      /^(.+)\.([^.]+)$/.exec(outputs["handler"] ?? "") ??
      unsupported(handler, "handler", "file.export", outputs["handler"]);
    const env = outputs["environment"]?.variables ?? {};
    const subnets: string[] = outputs["vpcConfig"]?.subnetIds ?? [];
    const [warm] = index.where("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", {
      functionName: alias.outputs["functionName"],
      qualifier: alias.outputs["name"],
    });
    return {
      aliasArn: alias.outputs["arn"],
      invokeArn: alias.outputs["invokeArn"],
      functionName: outputs["name"],
      service: env["SERVICE_NAME"] ?? handler.name,
      region: handler.region!,
      // A function outside the VPC runs in every zone of the region.
      zones:
        subnets.length > 0 ? zones.ofSubnets(handler, "vpcConfig.subnetIds", subnets) : zones.ofRegion(handler.region!),
      file: `${file}.cjs`,
      export: name!,
      cwd: archiveOf(handler, "code"),
      env,
      // Lambda's defaults.
      memoryMegabytes: outputs["memorySize"] ?? 128,
      timeoutSeconds: outputs["timeout"] ?? 3,
      reserved: outputs["reservedConcurrentExecutions"] ?? accountConcurrency,
      provisioned: warm?.outputs["provisionedConcurrentExecutions"] ?? 0,
    };
  });
}
