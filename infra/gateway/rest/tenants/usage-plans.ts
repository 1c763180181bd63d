import * as apigateway from "@pulumi/aws/apigateway";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../../../contract/service";
import { type RestRoutes, restRoutes } from "../routes";

interface Limit {
  /** Requests per second of one tenant. */
  readonly rate: number;
  /** Size of the token bucket. API Gateway takes 0 for one that is left out, and refuses every request. */
  readonly burst: number;
}

/** Limits of the tenants of one tier. */
export interface Tier extends Limit {
  readonly quota?: { readonly requests: number; readonly per: "DAY" | "WEEK" | "MONTH" };
  /** Limits of single routes, by `<service>/<route id>`. */
  readonly routes?: Readonly<Record<string, Limit>>;
}

/** Arguments of `UsagePlans`. */
export interface UsagePlansArgs {
  readonly tiers: Readonly<Record<string, Tier>>;
  readonly services: readonly (Pick<ServiceSpec, "name"> & RestRoutes)[];
  readonly apiId: pulumi.Input<string>;
  /** Names of the stages, as outputs of them: AWS refuses a plan for a stage that does not exist yet. */
  readonly stageNames: readonly pulumi.Input<string>[];
}

/**
 * The usage plans of a REST API, one per tier. Limits count per API key, and each tenant has a key of its own, which
 * `npm run tenant` makes: tenants come and go without a deployment.
 */
export class UsagePlans extends pulumi.ComponentResource {
  /** Ids of the plans by tier. */
  readonly ids: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: UsagePlansArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:UsagePlans", name, {}, opts);
    const plans = Object.entries(args.tiers).map(
      ([tier, limits]) => [tier, this.createPlan(name, tier, limits, args).id] as const,
    );
    this.ids = Object.fromEntries(plans);
    this.registerOutputs({ ids: this.ids });
  }

  private createPlan(name: string, tier: string, limits: Tier, args: UsagePlansArgs): apigateway.UsagePlan {
    const { quota, routes = {} } = limits;
    return new apigateway.UsagePlan(
      `${name}-${tier}`,
      {
        description: `Tenants of the tier ${tier}`,
        // What answers how much is used finds the plan by it.
        tags: { tier },
        apiStages: args.stageNames.map((stage) => ({
          apiId: args.apiId,
          stage,
          throttles: Object.entries(routes).map(([id, limit]) => ({
            path: methodOf(id, args.services),
            ...throttleOf(limit),
          })),
        })),
        throttleSettings: throttleOf(limits),
        ...(quota === undefined ? {} : { quotaSettings: { limit: quota.requests, period: quota.per } }),
      },
      // A plan that goes, as its tier does, takes its tenants' limits with it: move them to another tier first.
      { parent: this },
    );
  }
}

function throttleOf({ rate, burst }: Limit) {
  return { rateLimit: rate, burstLimit: burst };
}

/** Returns path and method of a route as a usage plan names it. @example "/food-store/foods/{id}/PUT" */
function methodOf(id: string, services: UsagePlansArgs["services"]): string {
  for (const service of services) {
    const route = restRoutes(service).find((each) => `${service.name}/${each.id}` === id);
    if (route !== undefined) return `${route.path}/${route.method}`;
  }
  throw new Error(`no service of the REST API has the route "${id}"; correct the limits of the tiers`);
}
