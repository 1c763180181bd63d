import type { Input } from "@pulumi/pulumi";
import type { ComputeArgs } from "../core/compute";
import { timeouts } from "../core/timeouts";

export type Environment = Readonly<Record<string, Input<string>>>;

/** What a service reads from its environment, equal under every pattern. No secrets: they would show in plans and consoles. */
export function serviceEnvironment(args: Pick<ComputeArgs, "service" | "table">): Environment {
  return {
    SERVICE_NAME: args.service.name,
    TABLE_NAME: args.table.name,
    HOST: "0.0.0.0",
    PORT: String(args.service.port),
    DRAIN_SECONDS: String(timeouts.drainSeconds),
    KEEP_ALIVE_SECONDS: String(timeouts.keepAliveSeconds),
    REQUEST_TIMEOUT_SECONDS: String(timeouts.requestSeconds),
    LOG_LEVEL: "info",
  };
}

/** The same with AWS_REGION, which the SDK needs and only Lambda sets (and reserves) itself. */
export function serverEnvironment(args: Pick<ComputeArgs, "service" | "table" | "region">): Environment {
  return { ...serviceEnvironment(args), AWS_REGION: args.region };
}
