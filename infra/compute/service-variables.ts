import type { Input } from "@pulumi/pulumi";
import type { TableOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import { timeouts } from "../traffic/timeouts";
import type { ServiceGrants } from "./service-grants";

/** Environment variables of a process, by name. */
type Variables = Readonly<Record<string, Input<string>>>;

/** Arguments of `serviceVariables`. */
export interface VariablesArgs {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  /** @default none */
  readonly table?: Pick<TableOutputs, "name"> | undefined;
  readonly grants?: Pick<ServiceGrants, "variables"> | undefined;
}

/**
 * Returns the environment variables that a service reads, the same under every pattern. They must not contain secrets,
 * as plans and consoles show their values.
 */
export function serviceVariables({ service, table, grants }: VariablesArgs): Variables {
  return {
    SERVICE_NAME: service.name,
    ...(table && { TABLE_NAME: table.name }),
    HOST: "0.0.0.0",
    PORT: String(service.port),
    DRAIN_SECONDS: String(timeouts.drainSeconds),
    KEEP_ALIVE_SECONDS: String(timeouts.keepAliveSeconds),
    REQUEST_TIMEOUT_SECONDS: String(timeouts.requestSeconds),
    LOG_LEVEL: "info",
    ...grants?.variables,
  };
}

/**
 * Returns the service's variables and AWS_REGION. The SDK needs it; Lambda sets it itself and refuses it as a setting.
 */
export function serverVariables(args: VariablesArgs & { readonly region: string }): Variables {
  return { ...serviceVariables(args), AWS_REGION: args.region };
}
