import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedResource } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import type { LogSink } from "../processes/lines";
import { unsupported } from "../unsupported";

const fileName = "secrets.json";

/**
 * The Parameter Store of this machine: the values of secrets by the name of their parameter, in a file of the state folder
 * that only its owner may read. A secret without a value gets a made-up one, so that every service starts.
 */
export class Parameters {
  private readonly made = new Map<string, string>();
  private values: Readonly<Record<string, string>> | undefined;

  constructor(
    private readonly folder: string,
    private readonly log: LogSink = () => {},
  ) {}

  /**
   * Stores a value. The file is renamed into place, so that a platform that starts meanwhile reads all of it.
   * @throws {UserError} when the file cannot be written, or is not one that this command wrote
   */
  write(name: string, value: string): void {
    const temporary = join(this.folder, `${fileName}.${process.pid}`);
    const values = { ...this.read(), [name]: value };
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(temporary, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600, flush: true });
      chmodSync(temporary, 0o600);
      renameSync(temporary, join(this.folder, fileName));
      this.values = values;
    } catch (error) {
      // Without a folder there is nothing to remove.
      if (existsSync(temporary)) rmSync(temporary, { force: true });
      const { message } = error as Error;
      throw new UserError(`${this.folder} cannot be written: ${message}; choose another folder with --state`);
    }
  }

  /**
   * Returns environment variables with the secrets that they name: `<NAME>_PARAMETER` gives `<NAME>`, as ECS, Beanstalk
   * and the services themselves do on AWS.
   */
  resolve(env: Readonly<Record<string, string>>): Record<string, string> {
    const secrets = Object.entries(env).flatMap(([variable, parameter]) =>
      variable.endsWith("_PARAMETER") ? [[variable.slice(0, -"_PARAMETER".length), this.valueOf(parameter)]] : [],
    );
    return { ...env, ...Object.fromEntries(secrets) };
  }

  private valueOf(name: string): string {
    this.values ??= this.read();
    const known = Object.hasOwn(this.values, name) ? this.values[name] : this.made.get(name);
    if (known !== undefined) return known;
    const value = randomBytes(24).toString("base64url");
    this.made.set(name, value);
    const [service, secret] = name.split("/").slice(-2);
    this.log(
      "ssm",
      `${name} has no value here; a made-up one is used, until npm run secret -- set ${service} ${secret}`,
    );
    return value;
  }

  private read(): Readonly<Record<string, string>> {
    const path = join(this.folder, fileName);
    try {
      const values: unknown = JSON.parse(readFileSync(path, "utf8"));
      const isTable = typeof values === "object" && values !== null && !Array.isArray(values);
      if (isTable && Object.values(values).every((value) => typeof value === "string")) return values as any;
      throw new UserError(`${path} must be an object of texts; delete it, and set the secrets again`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof UserError) throw error;
      if (code === "ENOENT" || code === "ENOTDIR") return {};
      throw new UserError(`${path} cannot be read: ${message}; delete it, and set the secrets again`);
    }
  }
}

/**
 * Returns the name of the parameter that has a planned secret.
 * @param path  where the resource names it
 * @throws {UserError} when it names something else, such as a secret of Secrets Manager
 */
export function parameterName(resource: PlannedResource, path: string, arn: unknown): string {
  const name = /^arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter(\/.+)$/.exec(String(arn))?.[1];
  return name ?? unsupported(resource, path, "the ARN of a parameter", arn);
}
