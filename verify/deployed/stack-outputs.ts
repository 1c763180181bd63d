import * as z from "zod";
import { UserError } from "../../graph/user-error";
import type { Expected } from "../target";

/** What verifying needs of a stack's outputs. */
export interface ReadOutputs {
  /**
   * Table names by service, and of its further tables by `<service>/<table>`; empty when the outputs have no data layer.
   */
  readonly tables: Readonly<Record<string, string>>;
  /** The name that fails over. */
  readonly globalName: string;
  /** Each region's own name. */
  readonly regionalNames: Readonly<Record<string, string>>;
  /** Hosted sign-in; unset when the outputs have no identity layer. */
  readonly signInUrl?: string;
  /** Of the client for programs, which has client credentials. */
  readonly serviceClientId?: string;
}

const table = z.object({ name: z.string() });
const serviceTables = table.extend({ more: z.record(z.string(), table).optional() });

/** Stack outputs by region; fields that are not read here are ignored. */
const schema = z.object({
  identity: z.record(z.string(), z.object({ signInUrl: z.string(), clientIds: z.array(z.string()) })).optional(),
  data: z.record(z.string(), z.record(z.string(), z.record(z.string(), serviceTables))).optional(),
  edge: z.record(z.string(), z.object({ url: z.url(), regionalUrl: z.url() })),
});

/** Reads the outputs of an environment, as `pulumi stack output --json` prints them. @throws {UserError} */
export function readOutputs(outputs: unknown, { environment, regions }: Expected): ReadOutputs {
  const { edge } = (outputs ?? {}) as { edge?: Readonly<Record<string, unknown>> };
  const missing = regions.filter((region) => edge?.[region] === undefined);
  if (missing.length > 0) {
    throw new UserError(`${environment} has no edge outputs in ${missing.join(" and ")}; deploy it there first`);
  }
  const read = schema.safeParse(outputs);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UserError(`the outputs of ${environment} are wrong at ${issue!.path.join(".")}: ${issue!.message}`);
  }
  const [primary] = regions;
  const { identity, data } = read.data;
  const tables = Object.entries(data?.[primary!]?.[primary!] ?? {}).flatMap(([service, { name, more = {} }]) => [
    [service, name],
    ...Object.entries(more).map(([key, { name }]) => [`${service}/${key}`, name]),
  ]);
  const signIn = identity?.[primary!];
  return {
    tables: Object.fromEntries(tables),
    globalName: new URL(read.data.edge[primary!]!.url).hostname,
    regionalNames: Object.fromEntries(
      regions.map((region) => [region, new URL(read.data.edge[region]!.regionalUrl).hostname]),
    ),
    ...(signIn === undefined ? {} : { signInUrl: signIn.signInUrl, serviceClientId: signIn.clientIds[1] ?? "" }),
  };
}
