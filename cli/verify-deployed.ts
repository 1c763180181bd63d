import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { projectRoot } from "../graph/project-root";
import { UserError } from "../graph/user-error";
import { parseStackName } from "../stacks/stack-name";
import { AddressRegions } from "../verify/deployed/address-regions";
import { pulumiOutputs } from "../verify/deployed/pulumi-outputs";
import { type ReadOutputs, readOutputs } from "../verify/deployed/stack-outputs";
import { type Credentials, deployedTokens } from "../verify/deployed/tokens";
import { dynamoTables } from "../verify/marked-items";
import type { Door, Expected, Target } from "../verify/target";
import { expectedOf } from "./verify-expected";

/** The command line of the pinned version is downloaded when it is first used. */
const pulumiMilliseconds = 300_000;

/** Where a deployed environment is described. */
export interface DeployedOptions {
  readonly environment: string;
  /** File of stack outputs, `-` for stdin; unset: `pulumi stack output`. */
  readonly outputs?: string;
  /** The name clients call, without any outputs: regional names are derived from it, tables stay unknown. */
  readonly url?: string;
  readonly credentials: Credentials;
}

/** A deployed environment, as something to verify. @throws {UserError} one sentence */
export async function deployedTarget({ environment, outputs, url, credentials }: DeployedOptions): Promise<Target> {
  const expected = expectedOf(environment);
  const read =
    url === undefined ? readOutputs(await loadOutputs(environment, outputs), expected) : namesOf(url, expected);
  const { tables, globalName, regionalNames, signInUrl, serviceClientId } = read;
  const clientId = credentials.clientId ?? serviceClientId;
  const token = deployedTokens({ ...credentials, ...(clientId ? { clientId } : {}) }, signInUrl);
  const addresses = new AddressRegions(expected.regions);
  return {
    title: `${environment} at https://${globalName}`,
    expected,
    global: door("global", globalName),
    regions: Object.fromEntries(expected.regions.map((region) => [region, door(region, regionalNames[region]!)])),
    regionsOf: (name) => addresses.of(name),
    ...(token ? { token } : { tokenMissing: "no token; set PLATFORM_CLIENT_SECRET or PLATFORM_TOKEN" }),
    ...(Object.keys(tables).length > 0 ? { tables: dynamoTables({ tables, regions: expected.regions }) } : {}),
  };
}

function door(label: string, name: string): Door {
  return { label, name, origin: `https://${name}` };
}

function namesOf(url: string, { regions }: Expected): ReadOutputs {
  const { hostname } = new URL(url);
  return {
    tables: {},
    globalName: hostname,
    regionalNames: Object.fromEntries(regions.map((region) => [region, `${region}.${hostname}`])),
  };
}

async function loadOutputs(environment: string, file: string | undefined): Promise<unknown> {
  if (file === undefined) return pulumiOutputs(environment, pulumi, environmentOf);
  try {
    return JSON.parse(file === "-" ? await text(process.stdin) : readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`--outputs must name a file of JSON, got ${file}: ${(error as Error).message}`);
  }
}

async function pulumi(...args: readonly string[]): Promise<string> {
  const command = require.resolve("pulumi/run.js");
  try {
    const options = { cwd: projectRoot, timeout: pulumiMilliseconds, maxBuffer: 16 * 1_024 * 1_024 };
    return (await promisify(execFile)(process.execPath, [command, ...args, "--non-interactive"], options)).stdout;
  } catch (error) {
    const { stderr, killed, message } = error as Error & { stderr?: string; killed?: boolean };
    throw new Error(killed ? "no answer in time" : stderr?.trim() || message);
  }
}

function environmentOf(stack: string): string | undefined {
  try {
    return parseStackName(stack).environment;
  } catch {
    return undefined;
  }
}
