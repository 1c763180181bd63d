import type { App, AppDependencies, AppFactory } from "./app";
import { HttpError } from "./errors";
import type { Item } from "./repository";
import type { EnvironmentVariables } from "./settings";

/** Variables and secrets that the service's contract declares in `needs`. */
export interface OwnSettings {
  /** Values of its variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Returns the value of a secret. It fails with an `HttpError`: 503 `secret_unavailable`.
   * @param name  as in the contract
   */
  secret(name: string): Promise<string>;
}

/** What the app of a service with variables or secrets is given by its adapter. */
export interface OwnSettingsDependencies<T extends Item> extends AppDependencies<T> {
  readonly settings: OwnSettings;
}

/** Reads a parameter of the Parameter Store, decrypted. */
type ReadParameter = (name: string) => Promise<string | undefined>;

/** What the contract of a service says of its settings. */
interface Declared {
  readonly name: string;
  readonly needs: { readonly variables: Readonly<Record<string, string>>; readonly secrets: readonly string[] };
}

/** Time after which a secret that the code reads itself is read again, so that a new value needs no new server. */
const maxAgeMilliseconds = 5 * 60_000;

/**
 * Gives the app of a service its own variables and secrets. ECS and Beanstalk put a secret into the environment variable
 * of its name. On instances and in functions `<NAME>_PARAMETER` names the parameter that has it; it is read when the
 * code starts, and again after five minutes. While a later read fails, the value of the one before stays in use.
 * @param service  its contract
 * @throws {Error} one sentence when a secret is in neither variable, as soon as the adapter makes the app
 * @example serve(shipping.name, withOwnSettings(shipping, createApp));
 */
export function withOwnSettings<T extends Item>(
  service: Declared,
  createApp: (dependencies: OwnSettingsDependencies<T>) => App,
  env: EnvironmentVariables = process.env,
  readParameter: ReadParameter = fromParameterStore,
): AppFactory<T> {
  return (dependencies) => {
    const settings = ownSettings(service, env, readParameter);
    const reads = service.needs.secrets.map((name) => [`secret ${name}`, () => settings.secret(name)] as const);
    const regionReads = { ...dependencies.regionReads, ...Object.fromEntries(reads) };
    return createApp({ ...dependencies, settings, regionReads });
  };
}

/** Reads the settings of a service, see `withOwnSettings`. */
export function ownSettings(
  { name: service, needs }: Declared,
  env: EnvironmentVariables,
  readParameter: ReadParameter = fromParameterStore,
  now: () => number = Date.now,
): OwnSettings {
  const variables = Object.fromEntries(
    Object.entries(needs.variables).map(([name, value]) => [name, env[name] ?? value]),
  );
  const readers = new Map(
    needs.secrets.map((name) => {
      const parameter = env[`${name}_PARAMETER`];
      if (!env[name] && !parameter) {
        throw new Error(`${service}: the secret ${name} is missing; set the environment variable ${name}`);
      }
      return [name, env[name] ? () => Promise.resolve(env[name]!) : cached(() => readParameter(parameter!), now)];
    }),
  );
  // So that the first request does not wait; a failure is that of the request that needs the secret.
  for (const read of readers.values()) read().catch(() => {});
  return {
    variables,
    secret: async (name) => {
      const read = readers.get(name);
      if (read === undefined)
        throw new Error(`${service}: the contract declares no secret ${name}; add it to needs.secrets`);
      try {
        return await read();
      } catch (error) {
        throw new HttpError(
          503,
          "secret_unavailable",
          "A part of the configuration is not available; try again",
          error,
        );
      }
    },
  };
}

function cached(read: () => Promise<string | undefined>, now: () => number): () => Promise<string> {
  let value: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  const load = async () => {
    try {
      value = (await read()) ?? value;
      readAt = now();
    } finally {
      running = undefined;
    }
  };
  return async () => {
    if (value === undefined || now() - readAt >= maxAgeMilliseconds) {
      running ??= load();
      if (value === undefined) await running;
      else running.catch(() => {});
    }
    if (value === undefined) throw new Error("the parameter has no value");
    return value;
  };
}

/** Reads a parameter with the time limits of the table's client; the client is loaded by code that needs it only. */
async function fromParameterStore(name: string): Promise<string | undefined> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });
  const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  return Parameter?.Value;
}
