import type { ApiKey, ApiKeys, UsagePlan } from "./api-keys";
import { AwsError } from "./aws-error";
import type { ServiceApi, ServiceCall } from "./service-call";

const defaultPage = 25;
const maxPage = 500;

/**
 * API Gateway's calls on API keys, usage plans and usage. Plans come from the plan and cannot be changed here.
 * @param keysIn  returns the keys of a region
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
 */
export function apiGatewayApi(keysIn: (region: string) => ApiKeys): ServiceApi {
  const answer = (call: ServiceCall) => {
    const keys = keysIn(call.region);
    const { method, path } = call;
    const [root = "", id = "", below = "", keyId = ""] = path;
    const operation =
      operations[`${method} ${[root, id && "*", below, keyId && "*"].filter((each) => each).join("/")}`];
    if (operation === undefined || path.length > 4) {
      throw new AwsError("NotFoundException", `the local AWS endpoint has no ${method} /${path.join("/")}`, 404);
    }
    return operation({ ...call, keys, id, keyId });
  };
  return {
    answer,
    asks: ({ method, path }, { region }) => [
      { action: `apigateway:${method}`, resource: `arn:aws:apigateway:${region}::/${path.join("/")}` },
    ],
  };
}

interface KeyCall extends ServiceCall {
  readonly keys: ApiKeys;
  /** Of a key, or of a plan. */
  readonly id: string;
  /** Of a key below a plan. */
  readonly keyId: string;
}

const operations: Readonly<Record<string, (call: KeyCall) => object>> = {
  "GET apikeys": ({ keys, query }) => {
    const values = query.get("includeValues") === "true";
    return pageOf(keys.list(query.get("name") ?? ""), query, (key) => keyView(key, values));
  },
  "POST apikeys": ({ keys, body }) => {
    const { name, description, enabled = false, value } = body;
    if (typeof name !== "string" || name === "") throw new AwsError("BadRequestException", "name must be set");
    return keyView(keys.create({ name, description, enabled, ...(value === undefined ? {} : { value }) }), true);
  },
  "PATCH apikeys/*": ({ keys, id, body }) => keyView(keys.update(id, changeOf(body["patchOperations"])), false),
  "DELETE apikeys/*": ({ keys, id }) => {
    keys.delete(id);
    return {};
  },
  "GET usageplans": ({ keys, query }) => pageOf([...keys.plans.values()], query, planView),
  "GET usageplans/*": ({ keys, id }) => planView(keys.plan(id)),
  "GET usageplans/*/keys": ({ keys, id, query }) => {
    keys.plan(id);
    const inPlan = keys.list(query.get("name") ?? "").filter((key) => keys.plansOf(key.id).has(id));
    return pageOf(inPlan, query, planKeyView);
  },
  "POST usageplans/*/keys": ({ keys, id, body }) => planKeyView(keys.attach(id, body["keyId"])),
  "DELETE usageplans/*/keys/*": ({ keys, id, keyId }) => {
    keys.detach(id, keyId);
    return {};
  },
  "GET usageplans/*/usage": ({ keys, id, query }) => {
    const [startDate, endDate, keyId] = ["startDate", "endDate", "keyId"].map((each) => query.get(each));
    if (!isDate(startDate) || !isDate(endDate)) {
      throw new AwsError("BadRequestException", "startDate and endDate must be dates such as 2026-01-31");
    }
    keys.plan(id);
    const ids = keyId ? [keys.get(keyId).id] : keys.list().map((key) => key.id);
    // The gateway counts by period, not by day: the last day has all of the present period.
    const values = ids
      .filter((each) => keys.plansOf(each).has(id))
      .map((each) => [each, keys.usage(id, each)] as const)
      .flatMap(([each, usage]) => (usage === undefined ? [] : [[each, [[usage.used, usage.remaining]]]]));
    return { usagePlanId: id, startDate, endDate, values: Object.fromEntries(values) };
  },
};

/** Returns one page of a list; `position` is where the next begins. */
function pageOf<T>(all: readonly T[], query: URLSearchParams, view: (each: T) => object): object {
  const limit = Number(query.get("limit") ?? defaultPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw new AwsError("BadRequestException", `limit must be 1-${maxPage}`);
  }
  const from = Number(query.get("position") ?? 0);
  if (!Number.isInteger(from) || from < 0) throw new AwsError("BadRequestException", "Invalid position");
  const next = from + limit;
  return {
    item: all.slice(from, next).map((each) => view(each)),
    ...(next < all.length ? { position: String(next) } : {}),
  };
}

function keyView({ value, ...key }: ApiKey, withValue: boolean): object {
  return { ...key, ...(withValue ? { value } : {}), stageKeys: [] };
}

function planKeyView({ id, name, value }: ApiKey): object {
  return { id, name, value, type: "API_KEY" };
}

function planView({ id, name, description, quota, rateLimit, burstLimit, stages, tags }: UsagePlan): object {
  return {
    id,
    name,
    description,
    apiStages: stages,
    ...(tags === undefined ? {} : { tags }),
    ...(quota ? { quota: { ...quota, offset: 0 } } : {}),
    ...(rateLimit === undefined ? {} : { throttle: { rateLimit, burstLimit } }),
  };
}

const changes: Readonly<Record<string, (value: string) => Partial<ApiKey>>> = {
  "/enabled": (value) => ({ enabled: value === "true" }),
  "/name": (name) => ({ name }),
  "/description": (description) => ({ description }),
};

function changeOf(patches: unknown): Partial<ApiKey> {
  const list = Array.isArray(patches) ? patches : [];
  return Object.assign(
    {},
    ...list.map(({ op, path, value }) => {
      const change = op === "replace" && Object.hasOwn(changes, path) ? changes[path] : undefined;
      if (change === undefined) throw new AwsError("BadRequestException", `Invalid patch path '${path}' specified`);
      return change(String(value));
    }),
  );
}

function isDate(text: string | null | undefined): text is string {
  return text != null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
