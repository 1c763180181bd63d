import { randomBytes } from "node:crypto";
import type { GraphIndex } from "../../graph/model";
import { AwsError } from "./aws-error";

/** An API key of a region. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** What a request or an authorizer names the key by. It is as good as a password: no log may have it. */
  readonly value: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** Seconds since the epoch. */
  readonly createdDate: number;
  readonly lastUpdatedDate: number;
}

/** A planned usage plan. */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly quota?: { readonly limit: number; readonly period: string };
  readonly rateLimit?: number;
  readonly burstLimit?: number;
  readonly stages: readonly { readonly apiId: string; readonly stage: string }[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** The usage plans of a running REST gateway: it is told of every key, and says what a key has used. */
export interface RunningPlans {
  /** Adds a key, or replaces the one with the same value. */
  put(key: { id: string; value: string; enabled: boolean; planIds: readonly string[] }): void;
  remove(value: string): void;
  /** Requests in the present period of a plan's quota; undefined for a plan without one. */
  usage(planId: string, keyId: string): { readonly used: number; readonly remaining: number } | undefined;
}

/** Most keys of an account in a region, which AWS does not raise. */
const maxKeys = 10_000;

/** The API keys of one region and the usage plans that they are in: API Gateway's state between two calls. */
export class ApiKeys {
  readonly plans: ReadonlyMap<string, UsagePlan>;
  private readonly byId = new Map<string, ApiKey>();
  private readonly byValue = new Map<string, ApiKey>();
  /** Ids of plans by the id of a key. */
  private readonly plansOfKey = new Map<string, Set<string>>();

  /**
   * Reads the planned plans and keys of a region.
   * @param running  returns the usage plans of the region's gateway, which has read the planned keys by itself
   */
  constructor(
    index: GraphIndex,
    region: string,
    private readonly running: () => RunningPlans | undefined = () => undefined,
  ) {
    this.plans = new Map(readPlans(index, region).map((plan) => [plan.id, plan]));
    const inRegion = (type: string) => index.ofType(type).filter((each) => each.region === region);
    for (const { outputs } of inRegion("aws:apigateway/apiKey:ApiKey")) {
      const { id, name, value, description, enabled = true } = outputs;
      this.keep({ id, name, value: value ?? randomValue(), description, enabled, ...dates() });
    }
    for (const { outputs } of inRegion("aws:apigateway/usagePlanKey:UsagePlanKey")) {
      this.plansOf(outputs["keyId"]).add(outputs["usagePlanId"]);
    }
  }

  /** Returns what a key has used of a plan's quota in the present period. */
  usage(planId: string, keyId: string): { readonly used: number; readonly remaining: number } | undefined {
    const { quota } = this.plan(planId);
    return quota && (this.running()?.usage(planId, keyId) ?? { used: 0, remaining: quota.limit });
  }

  /** Returns all keys whose names begin with a text, in the order they were made. */
  list(namePrefix = ""): ApiKey[] {
    return [...this.byId.values()].filter(({ name }) => name.startsWith(namePrefix));
  }

  /** @throws {AwsError} NotFoundException */
  get(id: string): ApiKey {
    const key = this.byId.get(id);
    if (key === undefined) throw new AwsError("NotFoundException", "Invalid API Key identifier specified", 404);
    return key;
  }

  /** @throws {AwsError} BadRequestException, ConflictException, LimitExceededException */
  create(given: Pick<ApiKey, "name" | "description" | "enabled"> & { readonly value?: string }): ApiKey {
    const { value = randomValue() } = given;
    if (!/^[A-Za-z0-9]{20,128}$/.test(value)) {
      throw new AwsError("BadRequestException", "API Key value should be 20 to 128 alphanumeric characters");
    }
    if (this.byValue.has(value)) throw new AwsError("ConflictException", "API Key already exists", 409);
    if (this.byId.size >= maxKeys) {
      throw new AwsError("LimitExceededException", "Maximum number of API Keys for this account has been reached", 429);
    }
    return this.put({ ...given, value, id: randomBytes(5).toString("hex"), ...dates() });
  }

  /** @throws {AwsError} NotFoundException */
  update(id: string, change: Partial<Pick<ApiKey, "name" | "description" | "enabled">>): ApiKey {
    const key = this.get(id);
    return this.put({ ...key, ...change, lastUpdatedDate: dates().lastUpdatedDate });
  }

  /** Removes a key, also from its plans. @throws {AwsError} NotFoundException */
  delete(id: string): void {
    const { value } = this.get(id);
    this.byId.delete(id);
    this.byValue.delete(value);
    this.plansOfKey.delete(id);
    this.running()?.remove(value);
  }

  /** Ids of the plans that a key is in. */
  plansOf(keyId: string): Set<string> {
    const known = this.plansOfKey.get(keyId) ?? new Set<string>();
    this.plansOfKey.set(keyId, known);
    return known;
  }

  /** @throws {AwsError} NotFoundException */
  plan(id: string): UsagePlan {
    const plan = this.plans.get(id);
    if (plan === undefined) throw new AwsError("NotFoundException", "Invalid Usage Plan ID specified", 404);
    return plan;
  }

  /**
   * Puts a key into a plan. AWS refuses a second plan of the same stage.
   * @throws {AwsError} NotFoundException, ConflictException
   */
  attach(planId: string, keyId: string): ApiKey {
    const [key, plan, planIds] = [this.get(keyId), this.plan(planId), this.plansOf(keyId)];
    const taken = [...planIds].map((id) => this.plan(id)).find((other) => sharesStage(plan, other));
    if (planIds.has(planId) || taken !== undefined) {
      const reason = planIds.has(planId) ? "is already in it" : `is in the plan ${taken!.id} of the same stage`;
      throw new AwsError(
        "ConflictException",
        `Usage Plan ${planId} cannot be added because API Key ${keyId} ${reason}`,
        409,
      );
    }
    planIds.add(planId);
    return this.put(key);
  }

  /** Takes a key out of a plan. @throws {AwsError} NotFoundException */
  detach(planId: string, keyId: string): void {
    this.plan(planId);
    const key = this.get(keyId);
    if (!this.plansOf(keyId).delete(planId)) {
      throw new AwsError("NotFoundException", "Invalid Usage Plan Key identifier specified", 404);
    }
    this.put(key);
  }

  private put(key: ApiKey): ApiKey {
    const { id, value, enabled } = this.keep(key);
    this.running()?.put({ id, value, enabled, planIds: [...this.plansOf(id)] });
    return key;
  }

  private keep(key: ApiKey): ApiKey {
    this.byId.set(key.id, key);
    this.byValue.set(key.value, key);
    return key;
  }
}

function dates() {
  const seconds = Math.floor(Date.now() / 1_000);
  return { createdDate: seconds, lastUpdatedDate: seconds };
}

function readPlans(index: GraphIndex, region: string): UsagePlan[] {
  return index
    .ofType("aws:apigateway/usagePlan:UsagePlan")
    .filter((each) => each.region === region)
    .map(({ outputs: { id, name, description, apiStages = [], quotaSettings, throttleSettings, tags } }) => ({
      id,
      name,
      ...(description === undefined ? {} : { description }),
      ...(tags ? { tags } : {}),
      ...(quotaSettings ? { quota: { limit: quotaSettings.limit, period: quotaSettings.period } } : {}),
      ...(throttleSettings?.rateLimit === undefined ? {} : { rateLimit: throttleSettings.rateLimit }),
      ...(throttleSettings?.burstLimit === undefined ? {} : { burstLimit: throttleSettings.burstLimit }),
      stages: apiStages.map(({ apiId, stage }: { apiId: string; stage: string }) => ({ apiId, stage })),
    }));
}

function sharesStage(one: UsagePlan, other: UsagePlan): boolean {
  return one.stages.some((a) => other.stages.some((b) => a.apiId === b.apiId && a.stage === b.stage));
}

/** Makes the value of a key that is given none. */
function randomValue(): string {
  return randomBytes(20).toString("hex");
}
