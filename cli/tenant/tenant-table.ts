import { randomBytes } from "node:crypto";
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { UserError } from "../../graph/user-error";
import type { AwsClients } from "./aws-clients";

/**
 * What a tenant should be: the one truth about tenants, which the API keys of every region are made to follow. Its row has
 * the id `tenant#<name>`, which no user and no client has.
 */
export interface Tenant {
  readonly name: string;
  readonly tier: string;
  readonly state: "active" | "suspended" | "removing" | "removed";
  /** The tier that tokens from before a move still say. Its keys go after `until`, once that is known. */
  readonly previous?: { readonly tier: string; readonly until?: string };
  /** Raised by every change, so that of two commands at once one is refused. */
  readonly revision: number;
  readonly changedAt: string;
  /** ARN of who made the last change. */
  readonly changedBy: string;
}

/** What a command changes of a tenant; `previous: undefined` ends a move. */
export type TenantChange = Pick<Tenant, "name"> &
  Partial<Pick<Tenant, "tier" | "state">> & { readonly previous?: Tenant["previous"] | undefined };

/** A user or machine client of a tenant; the trigger of the user pool writes both values into its access tokens. */
export interface Member {
  /** A user's `sub`, or the id of a client. */
  readonly id: string;
  readonly tenant: string;
  readonly tier: string;
}

/** A change, as `show` lists it. */
export interface LogEntry {
  readonly at: string;
  readonly by: string;
  readonly what: string;
}

/** Tenant in the log of changes that concern all of them; no tenant can be named so. */
export const ALL_TENANTS = "*";

/** The table of members, which also has a row for each tenant and each change. Written in the primary region. */
export class TenantTable {
  constructor(
    private readonly aws: AwsClients,
    private readonly tableName: string,
    private readonly by: string,
  ) {}

  async tenant(name: string): Promise<Tenant | undefined> {
    const { Item: item } = await this.call(new GetCommand({ ...this.key(`tenant#${name}`), ConsistentRead: true }));
    return item && tenantOf(item);
  }

  /** Returns all tenants by name, removed ones too. */
  async tenants(): Promise<Tenant[]> {
    const items = await this.scan("begins_with(id, :prefix)", { ":prefix": "tenant#" });
    return items.map(tenantOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Writes a tenant, and who did it and why.
   * @param before  the tenant as it was read; undefined for a new one
   * @param what  for the log; unset for a step that the log has already
   * @throws {UserError} when another command has changed it since
   */
  async put(before: Tenant | undefined, after: TenantChange, what?: string): Promise<Tenant> {
    const { previous, ...rest } = { ...before, ...after } as Tenant;
    const revision = (before?.revision ?? 0) + 1;
    const tenant = { ...rest, ...(previous && { previous }), revision, changedAt: now(), changedBy: this.by };
    const condition = before
      ? { ConditionExpression: "revision = :revision", ExpressionAttributeValues: { ":revision": before.revision } }
      : { ConditionExpression: "attribute_not_exists(id)" };
    try {
      const Item = { ...tenant, id: `tenant#${tenant.name}` };
      await this.call(new PutCommand({ TableName: this.tableName, Item, ...condition }));
    } catch (error) {
      if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
      throw new UserError(`another command changes ${tenant.name} at this moment; run this one again after it`);
    }
    if (what !== undefined) await this.log(tenant.name, what);
    return tenant;
  }

  async member(id: string): Promise<Member | undefined> {
    return (await this.call(new GetCommand({ ...this.key(id), ConsistentRead: true }))).Item;
  }

  /** Returns the members of a tenant. */
  async members(tenant: string): Promise<Member[]> {
    return this.scan("tenant = :tenant", { ":tenant": tenant });
  }

  async putMember({ id, tenant, tier }: Member): Promise<void> {
    await this.call(new PutCommand({ TableName: this.tableName, Item: { id, tenant, tier } }));
  }

  async removeMember(id: string): Promise<void> {
    await this.call(new DeleteCommand(this.key(id)));
  }

  /** Notes a change with its time and who made it. */
  async log(tenant: string, what: string): Promise<void> {
    const at = now();
    const id = `log#${tenant}#${at}#${randomBytes(4).toString("hex")}`;
    await this.call(new PutCommand({ TableName: this.tableName, Item: { id, at, by: this.by, what } }));
  }

  /** Returns the changes of a tenant, oldest first. */
  async logOf(tenant: string): Promise<LogEntry[]> {
    const items = await this.scan("begins_with(id, :prefix)", { ":prefix": `log#${tenant}#` });
    return items.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private async scan(filter: string, values: Record<string, string>): Promise<any[]> {
    const items: any[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.call(
        new ScanCommand({
          TableName: this.tableName,
          ConsistentRead: true,
          FilterExpression: filter,
          ExpressionAttributeValues: values,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      items.push(...page.Items);
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return items;
  }

  private key(id: string) {
    return { TableName: this.tableName, Key: { id } };
  }

  private async call(command: object): Promise<any> {
    try {
      return await this.aws.table(command);
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
      throw new UserError(`the table ${this.tableName} of the members does not exist; deploy the environment`);
    }
  }
}

function tenantOf({ id: _, ...tenant }: Record<string, any>): Tenant {
  return tenant as Tenant;
}

function now(): string {
  return new Date().toISOString();
}
