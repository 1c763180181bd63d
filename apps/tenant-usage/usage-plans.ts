import {
  type APIGatewayClient,
  GetUsageCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  type UsagePlan,
} from "@aws-sdk/client-api-gateway";
import type { Asked, Figure } from "./figure";

/** Plans of a page: the most that API Gateway gives, and more than an account has. */
const pageSize = 500;

/**
 * Returns what asks API Gateway for a tenant's figure: the plan of its tier, its key in it, and what the key has used.
 * @param environment  what the names of keys begin with: `<environment>.<tenant>.<tier>.<version of the secret>`
 */
export function usageOfPlans(client: Pick<APIGatewayClient, "send">, environment: string) {
  return async ({ tenant, tier, apiId, stage }: Asked): Promise<Omit<Figure, "asOf">> => {
    const { items: plans = [] } = await client.send(new GetUsagePlansCommand({ limit: pageSize }));
    const plan = plans.find(
      ({ tags, apiStages }) =>
        tags?.["tier"] === tier && apiStages?.some((each) => each.apiId === apiId && each.stage === stage),
    );
    if (plan?.id === undefined)
      throw new Error(`no usage plan of the stage ${stage} has the tier ${tier}; deploy it again`);
    const limits = limitsOf(plan);
    if (limits.quota === undefined) return limits;
    const nameQuery = `${environment}.${tenant}.${tier}.`;
    const { items: keys = [] } = await client.send(
      new GetUsagePlanKeysCommand({ usagePlanId: plan.id, nameQuery, limit: pageSize }),
    );
    const used: number[] = [];
    for (const { id, name } of keys) {
      if (id === undefined || !name?.startsWith(nameQuery)) continue;
      used.push(await usedBy(client, plan.id, id, limits.quota.requests));
    }
    // A tenant has two keys while the secret is rotated, and its requests count by one of them.
    return { ...limits, used: Math.max(0, ...used) };
  };
}

function limitsOf({ throttle, quota }: UsagePlan): Omit<Figure, "asOf" | "used"> {
  return {
    rate: throttle?.rateLimit ?? 0,
    burst: throttle?.burstLimit ?? 0,
    ...(quota?.limit === undefined ? {} : { quota: { requests: quota.limit, per: String(quota.period) } }),
  };
}

async function usedBy(
  client: Pick<APIGatewayClient, "send">,
  usagePlanId: string,
  keyId: string,
  limit: number,
): Promise<number> {
  const today = new Date().toISOString().slice(0, 10);
  const { items } = await client.send(new GetUsageCommand({ usagePlanId, keyId, startDate: today, endDate: today }));
  // AWS lists no key that has not been used yet. What remains is that of the period, what was used that of the day.
  const remaining = items?.[keyId]?.at(-1)?.[1] ?? limit;
  return Math.max(0, limit - remaining);
}
