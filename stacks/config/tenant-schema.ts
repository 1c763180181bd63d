import { z } from "zod";
import { accountQuotas } from "../../infra/gateway/quotas";
import { count } from "./count";

const limit = {
  rate: z
    .number()
    .min(0.01)
    .max(accountQuotas.rate.value)
    .describe("Requests per second of one tenant, in each region; may be below 1."),
  burst: count(1, accountQuotas.burst.value, "Requests of one tenant at once."),
};

const tier = z.strictObject({
  ...limit,
  quota: z
    .strictObject({
      requests: count(1, 2_147_483_647, "Requests of one tenant in a period, in each region."),
      per: z.enum(["DAY", "WEEK", "MONTH"]).describe("The period; AWS counts it in UTC."),
    })
    .optional()
    .describe("Most requests in a period. Without it there is no such limit."),
  routes: z
    .record(z.string(), z.strictObject(limit))
    .optional()
    .describe("Lower limits of single routes, by service and route id: food-store/put-food."),
});

/** Schema of the tenants of an environment; the tenants themselves are added by a command. */
export const tenantsSchema = z
  .strictObject({
    tiers: z
      .record(z.string(), tier)
      .describe("Limits by tier, a usage plan each. AWS applies them as well as it can: they are no guard of cost."),
  })
  .optional()
  .describe(
    "Tenants of the REST API: each has a tier, and every route but the health check's needs the token of a tenant. Without it users of the pool are admitted.",
  );

/** The tenants of an environment. */
export type TenantsConfig = NonNullable<z.output<typeof tenantsSchema>>;
