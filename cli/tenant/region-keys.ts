import {
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeysCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeysCommand,
  UpdateApiKeyCommand,
} from "@aws-sdk/client-api-gateway";
import { UserError } from "../../graph/user-error";
import type { AwsClients } from "./aws-clients";
import type { TenantRegion } from "./environment";

/** An API key as it should be. */
export interface DesiredKey {
  /** `<environment>.<tenant>.<tier>.<version of the secret>`: none of the four has a dot. */
  readonly name: string;
  readonly value: string;
  readonly planId: string;
  readonly enabled: boolean;
}

/** An API key as it is. */
export interface ExistingKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  /** Those of the environment that it is in. */
  readonly planIds: readonly string[];
}

/** What is left of a key's quota in the present period. */
export interface Usage {
  readonly remaining: number;
  readonly limit: number;
  readonly period: string;
}

/** Items of a page: the most that API Gateway gives. */
const pageSize = 500;

/** The API keys of one region. */
export class RegionKeys {
  constructor(
    private readonly aws: AwsClients,
    readonly region: TenantRegion,
  ) {}

  /** Counts all keys of the account in the region, those of other programs too. */
  async count(): Promise<number> {
    return (await this.pages((position) => new GetApiKeysCommand({ limit: pageSize, position }))).length;
  }

  /** Returns the keys whose names begin with a text, with the plans of the environment that they are in. */
  async list(namePrefix: string): Promise<ExistingKey[]> {
    const named = await this.pages(
      (position) => new GetApiKeysCommand({ nameQuery: namePrefix, includeValues: true, limit: pageSize, position }),
    );
    const keys = named.filter(({ name }) => name?.startsWith(namePrefix));
    const plansOfKey = keys.length === 0 ? new Map<string, string[]>() : await this.plansByKey(namePrefix);
    return keys.map(({ id, name, value, enabled }) => ({
      id,
      name,
      value,
      enabled: enabled === true,
      planIds: plansOfKey.get(id) ?? [],
    }));
  }

  /** Makes a key as it should be, from what there is of it. @returns how many things were changed */
  async ensure(desired: DesiredKey, existing: ExistingKey | undefined): Promise<number> {
    const { name, planId, enabled } = desired;
    let changes = 0;
    let id = existing?.id;
    if (id === undefined) {
      id = await this.create(desired);
      changes++;
    } else if (existing!.enabled !== enabled) {
      const patchOperations = [{ op: "replace" as const, path: "/enabled", value: String(enabled) }];
      await this.call(new UpdateApiKeyCommand({ apiKey: id, patchOperations }));
      changes++;
    }
    if (!existing?.planIds.includes(planId)) {
      await this.attach(planId, id, name);
      changes++;
    }
    return changes;
  }

  /** Takes a key out of its plans and deletes it. */
  async remove({ id, planIds }: ExistingKey): Promise<void> {
    for (const usagePlanId of planIds) await this.gone(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId: id }));
    await this.gone(new DeleteApiKeyCommand({ apiKey: id }), true);
  }

  /** Returns what is left of a key's quota; undefined for a plan without one. */
  async usage(planId: string, keyId: string): Promise<Usage | undefined> {
    const { quota } = await this.call(new GetUsagePlanCommand({ usagePlanId: planId }));
    if (!quota) return undefined;
    const today = new Date().toISOString().slice(0, 10);
    const { items } = await this.call(
      new GetUsageCommand({ usagePlanId: planId, keyId, startDate: today, endDate: today }),
    );
    // AWS lists no key that has not been used yet.
    const [, remaining] = items?.[keyId]?.at(-1) ?? [0, quota.limit];
    return { remaining, limit: quota.limit, period: quota.period };
  }

  private async create({ name, value, enabled }: DesiredKey): Promise<string> {
    const [, tenant, tier] = name.split(".");
    const description = `Key of tenant ${tenant}, tier ${tier}; npm run tenant makes and removes it`;
    try {
      return (await this.call(new CreateApiKeyCommand({ name, value, enabled, description }), true)).id;
    } catch (error) {
      if ((error as Error).name !== "ConflictException") throw error;
      throw new UserError(
        `${this.region.name}: an API key of another name has the value of ${name}; delete that key and run this again`,
      );
    }
  }

  private async attach(usagePlanId: string, keyId: string, name: string): Promise<void> {
    try {
      await this.call(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
    } catch (error) {
      if (!["ConflictException", "NotFoundException"].includes((error as Error).name)) throw error;
      throw new UserError(
        `${this.region.name}: the plan ${usagePlanId} does not take the key ${name}: ${(error as Error).message}; deploy the environment, and run this again`,
      );
    }
  }

  private async plansByKey(nameQuery: string): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const usagePlanId of Object.values(this.region.plans)) {
      const inPlan = await this.pages(
        (position) => new GetUsagePlanKeysCommand({ usagePlanId, nameQuery, limit: pageSize, position }),
      );
      for (const { id } of inPlan) found.set(id, [...(found.get(id) ?? []), usagePlanId]);
    }
    return found;
  }

  private async pages(page: (position: string | undefined) => object): Promise<any[]> {
    const all: any[] = [];
    let position: string | undefined;
    do {
      const { items = [], position: next } = await this.call(page(position));
      all.push(...items);
      position = next;
    } while (position !== undefined);
    return all;
  }

  /** Makes a call that removes something, which may be gone already. */
  private async gone(command: object, changesKeys = false): Promise<void> {
    try {
      await this.call(command, changesKeys);
    } catch (error) {
      if ((error as Error).name !== "NotFoundException") throw error;
    }
  }

  private call(command: object, changesKeys = false): Promise<any> {
    return this.aws.gateway(this.region.name, command, changesKeys);
  }
}
