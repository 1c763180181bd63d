import type { GraphIndex } from "../../../graph/model";
import type { ThrottleLimit } from "../throttle";

/** A planned usage plan. */
export interface UsagePlanModel {
  readonly id: string;
  readonly stages: readonly PlanStage[];
  /** Of each of its keys. */
  readonly limit: ThrottleLimit | undefined;
  readonly quota: Quota | undefined;
}

/** A stage that a plan's keys open. */
interface PlanStage {
  readonly apiId: string;
  readonly stage: string;
  /** By `<path> <method>`: limits of each key for one method. */
  readonly limits: ReadonlyMap<string, ThrottleLimit>;
}

/** How many requests a key may send in a period. */
export interface Quota {
  readonly limit: number;
  /** Requests that are counted as sent when the first period begins. */
  readonly offset: number;
  readonly period: "DAY" | "WEEK" | "MONTH";
}

/** An API key. */
export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
  /** Plans that have it. */
  readonly planIds: readonly string[];
}

/** Reads the usage plans of a region. */
export function readUsagePlans(index: GraphIndex, region: string): readonly UsagePlanModel[] {
  const plans = index.ofType("aws:apigateway/usagePlan:UsagePlan").filter((plan) => plan.region === region);
  return plans.map(({ outputs }) => ({
    id: outputs["id"],
    stages: (outputs["apiStages"] ?? []).map(({ apiId, stage, throttles = [] }: any) => ({
      apiId,
      stage,
      limits: new Map(throttles.map((each: any) => [methodKey(each.path), limitOf(each)])),
    })),
    limit: outputs["throttleSettings"] && limitOf(outputs["throttleSettings"]),
    quota: outputs["quotaSettings"] && { offset: 0, ...outputs["quotaSettings"] },
  }));
}

/** Reads the API keys of a region, with the plans that have them. */
export function readApiKeys(index: GraphIndex, region: string): readonly ApiKey[] {
  const keys = index.ofType("aws:apigateway/apiKey:ApiKey").filter((key) => key.region === region);
  return keys.map(({ outputs }) => {
    const links = index.where("aws:apigateway/usagePlanKey:UsagePlanKey", { keyId: outputs["id"] });
    const planIds = links.map((link) => link.outputs["usagePlanId"]);
    return { id: outputs["id"], value: outputs["value"], enabled: outputs["enabled"] ?? true, planIds };
  });
}

/** @example methodKey("/foods/{id}/GET") // "/foods/{id} GET" */
function methodKey(path: string): string {
  const slash = path.lastIndexOf("/");
  return `${path.slice(0, slash) || "/"} ${path.slice(slash + 1)}`;
}

/** The provider sends 0 for a limit that is left out. */
function limitOf({ rateLimit = 0, burstLimit = 0 }: { rateLimit?: number; burstLimit?: number }): ThrottleLimit {
  return { rate: rateLimit, burst: burstLimit };
}
