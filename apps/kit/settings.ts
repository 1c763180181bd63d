import { type FormerPath, formerPath } from "./former-paths";
import { type LegacyShare, legacyShare } from "./legacy-share";
import { type LogLevel, logLevels } from "./log";

/** Value of PRIVATE_API_URL where there is no private API: every call of another service fails. */
export const NO_PRIVATE_API = "none";

/** Environment variables of a process, by name. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Settings that every adapter of a service reads from environment variables. */
interface AppSettings {
  /** SERVICE_NAME: name of the service in its log. @default the contract's name */
  readonly serviceName: string;
  /** TABLE_NAME: name of the DynamoDB table, required. */
  readonly tableName: string;
  /** LOG_LEVEL: least severe level that is logged. @default "info" */
  readonly logLevel: LogLevel;
  /** REQUEST_TIMEOUT_SECONDS: time that a handler has to answer, 0.05-900. @default 10 */
  readonly requestTimeoutSeconds: number;
  /** REGION_PROBE_SECONDS: time that the result of a probe of the region stands, 0.05-60. @default 5 */
  readonly regionProbeSeconds: number;
  /** CORS_ORIGINS: origins whose pages may read answers, separated by commas. @default none */
  readonly corsOrigins: readonly string[];
  /** LEGACY_URL_<ROUTE> and SERVICE_PERCENT_<ROUTE>, see `legacyShare`. */
  readonly shareOf: (route: string) => LegacyShare | undefined;
  /** Returns what else a route is known by to clients of an existing gateway. */
  readonly formerOf: (route: string) => FormerPath | undefined;
}

/** Settings that only an HTTP server reads from environment variables. */
export interface ServerSettings {
  /** HOST: address to listen on. @default "0.0.0.0", every interface */
  readonly host: string;
  /** PORT: TCP port, required; 0 takes a free one. */
  readonly port: number;
  /**
   * DRAIN_SECONDS, see `drainOnSignals`, 0-600.
   * @default 15, longer than the 10 s that Cloud Map's answers are cached
   */
  readonly drainSeconds: number;
  /**
   * KEEP_ALIVE_SECONDS: time that an idle connection stays open, 1-3600.
   * @default 75, longer than the balancer's idle timeout of 60 s, so that the balancer never reuses a closed connection
   */
  readonly keepAliveSeconds: number;
}

/**
 * Reads the settings of every adapter.
 * @throws {Error} one sentence that names the environment variable that is missing or invalid
 */
export function appSettings(service: string, env: EnvironmentVariables): AppSettings {
  const variable = reader(service, env);
  // The AWS SDK needs AWS_REGION, but only reports at its first call that it is missing.
  variable.text("AWS_REGION");
  return {
    serviceName: variable.text("SERVICE_NAME", service),
    tableName: variable.text("TABLE_NAME"),
    logLevel: variable.oneOf("LOG_LEVEL", logLevels, "info"),
    requestTimeoutSeconds: variable.number("REQUEST_TIMEOUT_SECONDS", 0.05, 900, 10),
    regionProbeSeconds: variable.number("REGION_PROBE_SECONDS", 0.05, 60, 5),
    corsOrigins: originsOf(env),
    shareOf: (route) => legacyShare(service, env, route),
    formerOf: (route) => formerPath(service, env, route),
  };
}

/** Reads CORS_ORIGINS: origins separated by commas, none when it is not set. */
export function originsOf(env: EnvironmentVariables): readonly string[] {
  return (env["CORS_ORIGINS"] ?? "").split(",").filter((origin) => origin !== "");
}

/**
 * Reads the settings of an HTTP server.
 * @throws {Error} one sentence that names the environment variable that is missing or invalid
 */
export function serverSettings(service: string, env: EnvironmentVariables): ServerSettings {
  const variable = reader(service, env);
  const port = variable.number("PORT", 0, 65_535);
  if (!Number.isInteger(port)) {
    throw variable.invalid("PORT", "a whole number");
  }
  return {
    host: variable.text("HOST", "0.0.0.0"),
    port,
    drainSeconds: variable.number("DRAIN_SECONDS", 0, 600, 15),
    keepAliveSeconds: variable.number("KEEP_ALIVE_SECONDS", 1, 3_600, 75),
  };
}

/**
 * Reads BUCKET, the name of the service's bucket.
 * @throws {Error} one sentence when it is missing
 */
export function bucketSetting(service: string, env: EnvironmentVariables): string {
  return reader(service, env).text("BUCKET");
}

/**
 * Reads TABLE_<NAME>, the name of one of the service's more tables.
 * @param table  its name in the contract
 * @throws {Error} one sentence when it is missing
 */
export function tableSetting(service: string, env: EnvironmentVariables, table: string): string {
  return reader(service, env).text(`TABLE_${table.replaceAll("-", "_").toUpperCase()}`);
}

/**
 * Reads the settings of a table that may have a home region: TABLE_<NAME>, and TABLE_<NAME>_HOME, the region. On one machine
 * AWS_ENDPOINT_URL_DYNAMODB_IN_<REGION> says where that region's tables are; the SDK has no variable for it.
 * @throws {Error} one sentence when the name is missing
 */
export function homeTableSettings(service: string, env: EnvironmentVariables, name: string) {
  const table = tableSetting(service, env, name);
  const region = env[`TABLE_${name.replaceAll("-", "_").toUpperCase()}_HOME`];
  if (region === undefined) return { table };
  const endpoint = env[`AWS_ENDPOINT_URL_DYNAMODB_IN_${region.replaceAll("-", "_").toUpperCase()}`];
  return { table, home: { region, ...(endpoint === undefined ? {} : { endpoint }) } };
}

function reader(service: string, env: EnvironmentVariables) {
  const invalid = (name: string, rule: string) =>
    new Error(
      `${service}: ${name} must be ${rule}, got ${JSON.stringify(env[name])}; set the environment variable ${name}`,
    );
  const text = (name: string, fallback?: string) => {
    const value = env[name] || fallback;
    if (value === undefined) {
      throw new Error(`${service}: ${name} is missing; set the environment variable ${name}`);
    }
    return value;
  };
  return {
    invalid,
    text,
    oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
      const value = allowed.find((each) => each === text(name, fallback));
      if (value === undefined) {
        throw invalid(name, `one of ${allowed.join(", ")}`);
      }
      return value;
    },
    number(name: string, minimum: number, maximum: number, fallback?: number): number {
      const value = text(name, fallback?.toString());
      if (!/^\d{1,6}(\.\d{1,6})?$/.test(value) || Number(value) < minimum || Number(value) > maximum) {
        throw invalid(name, `a number from ${minimum} to ${maximum}`);
      }
      return Number(value);
    },
  };
}

/**
 * Reads an environment variable that must be set.
 * @param app  name of the app, for the error
 * @throws {Error} one sentence that names the variable when it is missing or empty
 */
export function requiredVariable(app: string, env: EnvironmentVariables, name: string): string {
  return reader(app, env).text(name);
}
