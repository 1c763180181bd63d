import { randomBytes } from "node:crypto";
import { GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { parseTenantSecret, type TenantSecret } from "../../apps/kit/tenant";
import { UserError } from "../../graph/user-error";
import type { AwsClients } from "./aws-clients";
import type { TenantRegion } from "./environment";

/** Version of the first secret. Versions are counted, so that of two the later one can be told. */
const firstVersion = "1";

/** The secrets of the regions that the API keys are derived from. No output and no error has a part of them. */
export class TenantSecrets {
  constructor(
    private readonly aws: AwsClients,
    private readonly regions: readonly TenantRegion[],
  ) {}

  /**
   * Reads the secret of each region, in the order of the regions. One without a value gets that of another region, or a new
   * one when none has any.
   * @throws {UserError} when a secret cannot be read, or regions have different bytes under one version
   */
  async ensure(attempts = 3): Promise<TenantSecret[]> {
    const found = await Promise.all(this.regions.map((region) => this.read(region)));
    refuseDifferences(this.regions, found);
    const missing = found.filter((secret) => secret === undefined).length;
    if (missing === 0) return found as TenantSecret[];
    if (attempts === 0) throw new UserError("the tenants' secrets were written and cannot be read; run this again");
    const value = found.find((secret) => secret !== undefined) ?? newSecret();
    for (const [i, region] of this.regions.entries()) if (found[i] === undefined) await this.write(region, value);
    // Of two commands that find no secret at once, both go on with the one that was written last.
    return this.ensure(attempts - 1);
  }

  /** Writes the secret of a region. */
  async write({ name, secretArn }: TenantRegion, { current, keys }: TenantSecret): Promise<void> {
    const text = Object.fromEntries([...keys].map(([version, key]) => [version, key.toString("base64url")]));
    const SecretString = JSON.stringify({ current, keys: text });
    try {
      await this.aws.secrets(name, new PutSecretValueCommand({ SecretId: secretArn, SecretString }));
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
      throw new UserError(`${name}: the tenants' secret does not exist; deploy the environment`);
    }
  }

  private async read({ name, secretArn }: TenantRegion): Promise<TenantSecret | undefined> {
    let text: string | undefined;
    try {
      ({ SecretString: text } = await this.aws.secrets(name, new GetSecretValueCommand({ SecretId: secretArn })));
    } catch (error) {
      // A secret without a value is reported like none; writing to one that does not exist tells them apart.
      if ((error as Error).name === "ResourceNotFoundException") return undefined;
      throw error;
    }
    try {
      return parseTenantSecret(text);
    } catch (error) {
      throw new UserError(`${name}: ${(error as Error).message}`);
    }
  }
}

/** Makes the bytes of a version of the secret. */
export function newKey(): Buffer {
  return randomBytes(32);
}

/** Returns the versions of all regions, oldest first. */
export function versionsOf(secrets: readonly TenantSecret[]): string[] {
  const all = new Set(secrets.flatMap(({ keys }) => [...keys.keys()]));
  return [...all].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

function newSecret(): TenantSecret {
  return { current: firstVersion, keys: new Map([[firstVersion, newKey()]]) };
}

function refuseDifferences(regions: readonly TenantRegion[], secrets: readonly (TenantSecret | undefined)[]): void {
  const known = new Map<string, { key: Buffer; region: string }>();
  for (const [i, secret] of secrets.entries()) {
    for (const [version, key] of secret?.keys ?? []) {
      const other = known.get(version);
      if (other === undefined) known.set(version, { key, region: regions[i]!.name });
      else if (!other.key.equals(key)) {
        throw new UserError(
          `the tenants' secrets of ${other.region} and ${regions[i]!.name} must be equal, got two values of version ${version}; copy that of ${other.region} to ${regions[i]!.name}`,
        );
      }
    }
  }
}
