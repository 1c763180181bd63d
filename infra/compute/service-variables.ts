import type { Input } from "@pulumi/pulumi";
import type { TableOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import { timeouts } from "../traffic/timeouts";

/** Environment variables of a process, by name. */
export type Variables = Readonly<Record<string, Input<string>>>;

/** Arguments of `serviceVariables`. */
export interface VariablesArgs {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly table: Pick<TableOutputs, "name">;
}

/**
 * Returns the environment variables that a service reads, the same under every pattern. Secrets have no place here:
 * plans and consoles show the values.
 */
export function serviceVariables({ service, table }: VariablesArgs): Variables {
  return {
    SERVICE_NAME: service.name,
    TABLE_NAME: table.name,
    HOST: "0.0.0.0",
    PORT: String(service.port),
    DRAIN_SECONDS: String(timeouts.drainSeconds),
    KEEP_ALIVE_SECONDS: String(timeouts.keepAliveSeconds),
    REQUEST_TIMEOUT_SECONDS: String(timeouts.requestSeconds),
    LOG_LEVEL: "info",
  };
}

/** Returns the same with AWS_REGION, which the SDK needs and only Lambda sets (and reserves) itself. */
export function serverVariables(args: VariablesArgs & { readonly region: string }): Variables {
  return { ...serviceVariables(args), AWS_REGION: args.region };
}
