import * as z from "zod";
import { UserError } from "../../graph/user-error";
import { readState, runningConsole } from "../running-platform";
import { loadOutputs } from "../stack-outputs";
import type { Where } from "../where";

/** Options of every `tenant` command. */
export interface WhereOptions extends Where {
  readonly timeScale: number;
}

/** What the command writes to in one region. */
export interface TenantRegion {
  readonly name: string;
  /** Ids of the usage plans by tier. */
  readonly plans: Readonly<Record<string, string>>;
  readonly secretArn: string;
}

/** An environment that has tenants. */
export interface TenantEnvironment {
  readonly name: string;
  /** The first is the primary region, which has the user pool. */
  readonly regions: readonly TenantRegion[];
  readonly userPoolId: string;
  /** Whether the other region has a user pool too, so that a person is known by the claim `subject`. */
  readonly poolInEach: boolean;
  readonly clientIds: readonly string[];
  readonly memberTable: string;
  /** Addresses in the place of AWS's own. @default AWS's */
  readonly endpoints?: { readonly aws: string; readonly dynamodb: string };
  /** How many times faster waits pass; 1 on AWS. */
  readonly timeScale: number;
}

/** Stack outputs by region; fields that are not read here are ignored. */
const schema = z.object({
  identity: z.record(
    z.string(),
    z.object({
      userPoolId: z.string(),
      otherRegion: z.object({}).optional(),
      clientIds: z.array(z.string()),
      memberTable: z.string().optional(),
    }),
  ),
  edge: z.record(
    z.string(),
    z.object({
      tenants: z.object({ plans: z.record(z.string(), z.string()), secretArn: z.string() }).optional(),
    }),
  ),
});

/**
 * Finds the environment that the options name.
 * @throws {UserError} one sentence, when it is not there or has no tenants
 */
export async function tenantEnvironment(options: WhereOptions): Promise<TenantEnvironment> {
  const { stack, outputs, endpoint, state, timeScale } = options;
  if (stack === undefined) return localEnvironment(state, timeScale);
  const read = readTenants(stack, await loadOutputs(stack, outputs));
  return endpoint === undefined
    ? { ...read, timeScale: 1 }
    : { ...read, timeScale, endpoints: { aws: endpoint, dynamodb: endpoint } };
}

async function localEnvironment(folder: string, timeScale: number): Promise<TenantEnvironment> {
  const url = runningConsole(folder);
  const { stack, outputs, endpoints } = await readState(url);
  if (endpoints === undefined) throw new UserError(`the platform at ${url} still starts; try again`);
  return { ...readTenants(stack, outputs), timeScale, endpoints };
}

/** Reads what the tenants of an environment need from its stack outputs. @throws {UserError} */
export function readTenants(name: string, outputs: unknown): Omit<TenantEnvironment, "timeScale" | "endpoints"> {
  const read = schema.safeParse(outputs);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UserError(
      `the outputs of ${name} are wrong at ${issue!.path.join(".")}: ${issue!.message}; deploy it first`,
    );
  }
  const { identity, edge } = read.data;
  const [primary, { userPoolId, otherRegion, clientIds, memberTable } = {}] = Object.entries(identity)[0] ?? [];
  const others = Object.keys(edge).filter((region) => region !== primary);
  const regions = [primary, ...others].flatMap((region) => {
    const tenants = region === undefined ? undefined : edge[region]?.tenants;
    return tenants === undefined ? [] : [{ name: region!, ...tenants }];
  });
  if (memberTable === undefined || regions.length !== Object.keys(edge).length || regions[0]?.name !== primary) {
    throw new UserError(
      `${name} has no tenants; add platform:tenants and a REST API to Pulumi.${name}.yaml, and deploy or start it`,
    );
  }
  const poolInEach = otherRegion !== undefined;
  return { name, regions, userPoolId: userPoolId!, poolInEach, clientIds: clientIds!, memberTable };
}
