import { createHmac } from "node:crypto";

/** A tenant and the tier whose usage plan limits it. */
export interface Membership {
  readonly tenant: string;
  readonly tier: string;
}

/**
 * The secret that the tenants' API keys are derived from, as JSON in AWS Secrets Manager:
 * `{ "current": "2", "keys": { "1": "<base64url of 32 to 64 bytes>", "2": "<the same>" } }`. It has one version outside
 * a rotation and two during one. A rotation adds a version, makes the API keys of every tenant from it, then sets
 * `current` to it, and removes the old version and its API keys only after every authorizer has read the new secret.
 */
export interface TenantSecret {
  /** Name of the version that requests are counted by. */
  readonly current: string;
  /** Secret bytes by the name of their version, one or two. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
const versionPattern = /^[A-Za-z0-9_-]{1,64}$/;
const secretPattern = /^[A-Za-z0-9_-]{43,86}$/;

/**
 * Tells whether a value is the name of a tenant or a tier: 1 to 64 characters of a-z, 0-9 and hyphens, no hyphen first
 * or last. Such a name has no meaning in an ARN, a path, a header or a policy.
 */
export function isTenantName(value: unknown): value is string {
  return typeof value === "string" && namePattern.test(value);
}

/**
 * Reads the tenants' secret.
 * @throws {Error} one sentence when the JSON has another shape; it never contains a part of the secret
 */
export function parseTenantSecret(json: string | undefined): TenantSecret {
  const invalid = (rule: string) =>
    new Error(`the tenants' secret ${rule}; write {"current": "1", "keys": {"1": "<base64url of 32 bytes>"}}`);
  const value = parseObject(json);
  const keys = asObject(value?.["keys"]);
  if (value === undefined || keys === undefined) throw invalid('must be a JSON object with "current" and "keys"');
  const entries = Object.entries(keys);
  if (entries.length < 1 || entries.length > 2) throw invalid(`must have one or two keys, got ${entries.length}`);
  for (const [version, key] of entries) {
    if (!versionPattern.test(version)) throw invalid("has a version that is not 1-64 of A-Z, a-z, 0-9, - and _");
    if (typeof key !== "string" || !secretPattern.test(key)) {
      throw invalid("has a key that is not base64url of 32 to 64 bytes");
    }
  }
  const current = value["current"];
  if (typeof current !== "string" || !Object.hasOwn(keys, current))
    throw invalid('must name one of its keys in "current"');
  return {
    current,
    keys: new Map(entries.map(([version, key]) => [version, Buffer.from(key as string, "base64url")])),
  };
}

/**
 * Derives the value of a tenant's API key: HMAC-SHA256 of tenant and tier, in hex. API Gateway wants 20 to 128
 * alphanumeric characters. The tier is part of it, because AWS refuses one key in two usage plans of a stage.
 * @param secret  bytes of one version of the tenants' secret
 * @throws {Error} when tenant or tier is not a valid name
 * @example tenantKey(secret.keys.get(secret.current)!, { tenant: "acme", tier: "free" }) // 64 hex digits
 */
export function tenantKey(secret: Buffer, { tenant, tier }: Membership): string {
  if (!isTenantName(tenant) || !isTenantName(tier)) {
    throw new Error(
      "tenant and tier must be 1-64 of a-z, 0-9 and inner hyphens to derive an API key; check both names",
    );
  }
  // A line feed is in no name, so that no two pairs give the same text.
  return createHmac("sha256", secret).update(`${tenant}\n${tier}`).digest("hex");
}

function parseObject(json: string | undefined): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(json ?? ""));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
