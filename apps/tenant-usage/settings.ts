import { type EnvironmentVariables, originsOf, requiredVariable } from "../kit/settings";

/** Settings of the function that answers how much of its quota a tenant has used, each from one environment variable. */
export interface UsageSettings {
  /** USAGE_TABLE: table of the figures. */
  readonly table: string;
  /** ENVIRONMENT: what the names of the tenants' API keys begin with. */
  readonly environment: string;
  /** CORS_ORIGINS: origins whose pages may read the answers, separated by commas. @default none */
  readonly corsOrigins: readonly string[];
}

/** Reads the settings. @throws {Error} one sentence that names the variable that is missing */
export function usageSettings(env: EnvironmentVariables): UsageSettings {
  const text = (name: string) => requiredVariable("tenant-usage", env, name);
  return { table: text("USAGE_TABLE"), environment: text("ENVIRONMENT"), corsOrigins: originsOf(env) };
}
