import { type LogLevel, logLevels } from "./log";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every adapter of a service reads from its environment. */
export interface AppSettings {
  /** SERVICE_NAME, the contract's name by default; only names the service in logs. */
  readonly serviceName: string;
  /** TABLE_NAME, required. */
  readonly tableName: string;
  /** LOG_LEVEL, `info` by default. */
  readonly logLevel: LogLevel;
  /** REQUEST_TIMEOUT_SECONDS, 10 by default. */
  readonly requestTimeoutSeconds: number;
}

/** What only a server process reads. */
export interface ServerSettings {
  /** HOST, every interface by default. */
  readonly host: string;
  /** PORT, required; 0 takes a free one. */
  readonly port: number;
  /** DRAIN_SECONDS, 15 by default: longer than Cloud Map's DNS and discovery TTL of 10 s. */
  readonly drainSeconds: number;
  /** KEEP_ALIVE_SECONDS, 75 by default: longer than the balancer's idle 60 s, so that it never reuses a closed one. */
  readonly keepAliveSeconds: number;
}

/** @throws {Error} one sentence that names the variable */
export function appSettings(service: string, env: Environment): AppSettings {
  const variable = reader(service, env);
  // The SDK needs it too, but says so only at the first request.
  variable.text("AWS_REGION");
  return {
    serviceName: variable.text("SERVICE_NAME", service),
    tableName: variable.text("TABLE_NAME"),
    logLevel: variable.oneOf("LOG_LEVEL", logLevels, "info"),
    requestTimeoutSeconds: variable.number("REQUEST_TIMEOUT_SECONDS", 0.05, 900, 10),
  };
}

/** @throws {Error} one sentence that names the variable */
export function serverSettings(service: string, env: Environment): ServerSettings {
  const variable = reader(service, env);
  const port = variable.number("PORT", 0, 65_535);
  if (!Number.isInteger(port)) {
    throw variable.refusal("PORT", "a whole number");
  }
  return {
    host: variable.text("HOST", "0.0.0.0"),
    port,
    drainSeconds: variable.number("DRAIN_SECONDS", 0, 600, 15),
    keepAliveSeconds: variable.number("KEEP_ALIVE_SECONDS", 1, 3_600, 75),
  };
}

function reader(service: string, env: Environment) {
  const refusal = (name: string, rule: string) =>
    new Error(`${service}: ${name} must be ${rule}, got ${JSON.stringify(env[name])}; set ${name} in the environment`);
  const text = (name: string, fallback?: string) => {
    const value = env[name] || fallback;
    if (value === undefined) {
      throw new Error(`${service}: ${name} is missing; set ${name} in the environment`);
    }
    return value;
  };
  return {
    refusal,
    text,
    oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
      const value = allowed.find((each) => each === text(name, fallback));
      if (value === undefined) {
        throw refusal(name, `one of ${allowed.join(", ")}`);
      }
      return value;
    },
    number(name: string, minimum: number, maximum: number, fallback?: number): number {
      const value = text(name, fallback?.toString());
      if (!/^\d{1,6}(\.\d{1,6})?$/.test(value) || Number(value) < minimum || Number(value) > maximum) {
        throw refusal(name, `a number from ${minimum} to ${maximum}`);
      }
      return Number(value);
    },
  };
}
