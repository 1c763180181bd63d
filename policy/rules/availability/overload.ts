import { ruleTypes } from "../../network/access";
import { capacityOf, workloadZones } from "../../network/capacity";
import { entrances } from "../../network/entrances";
import { examples } from "../../network/examples";
import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { block, blocks, number, show, text } from "../../stack/read";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN, UnknownInput } from "../../stack/unknown";
import { containers } from "../../stack/workloads";

/** What AWS keeps unreserved of an account's concurrency. */
const KEPT = 100;

/** Children that AWS limits per parent. @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
const quotas: readonly (readonly [parent: string, child: string, path: string, limit: number])[] = [
  [T.api, T.route, "apiId", 300],
  [T.api, T.integration, "apiId", 300],
  [T.api, T.authorizer, "apiId", 10],
  [T.restApi, "aws:apigateway/resource:Resource", "restApi", 300],
  [T.restApi, N.restAuthorizer, "restApi", 10],
  [T.loadBalancer, T.listener, "loadBalancerArn", 50],
  [ruleTypes.group, ruleTypes.ingress, "securityGroupId", 60],
  [ruleTypes.group, ruleTypes.egress, "securityGroupId", 60],
  [T.vpc, T.endpoint, "vpcId", 50],
  [T.awsxVpc, T.endpoint, "vpcId", 50],
  [T.vpc, T.subnet, "vpcId", 200],
];

/** Characters of a role's inline policies together. */
const POLICY_CHARACTERS = 10_240;

/** Availability rules for limits, quotas and overload. */
export const overloadRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "authorizer-limits",
    types: [T.authorizer, N.restAuthorizer],
    description: "A Lambda authorizer answers within 10 s, and its answer is cached for 60 s or more.",
    rationale: "Without a cache every request waits for the authorizer, and fails when the authorizer does.",
    fix: "set authorizerResultTtlInSeconds to 60-300 and the function's timeout below 10",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { availability: 25 },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html",
    check(authorizer, { stack, report }) {
      const kind = text(authorizer.props["authorizerType"] ?? authorizer.props["type"]) || "TOKEN";
      if (kind === "JWT" || kind === "COGNITO_USER_POOLS") return;
      const rest = authorizer.type === N.restAuthorizer;
      const [api] = rest ? [] : stack.targets(authorizer, "apiId", T.api);
      const ttl = number(authorizer.props["authorizerResultTtlInSeconds"]) ?? (rest ? 300 : 0);
      // A WebSocket API asks its authorizer once per connection, and has no cache.
      const hasCache = api === undefined || peek(() => api.props["protocolType"]) !== "WEBSOCKET";
      if (ttl < 60 && hasCache)
        report(
          authorizer,
          `must cache answers for 60 s or more, got authorizerResultTtlInSeconds ${ttl}`,
          "set authorizerResultTtlInSeconds to 60",
        );
      for (const lambda of stack.targets(authorizer, "authorizerUri", T.function)) {
        const timeout = number(lambda.props["timeout"]) ?? 3;
        if (timeout >= 10)
          report(
            lambda,
            `must answer within 10 s, as ${authorizer} waits for it, got timeout ${timeout}`,
            "set timeout to 9",
          );
      }
    },
  },
  {
    scope: "program",
    name: "concurrency-sum",
    description: "Functions reserve no more concurrency than the account has, and none reserves 0.",
    rationale: "AWS refuses the reservation that exceeds the account's limit, and a function with 0 never runs.",
    fix: "lower reservedConcurrentExecutions, or have the account's limit raised",
    severity: "high",
    level: "mandatory",
    ids: { availability: 26 },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    settings: {
      accountLimit: {
        type: "integer",
        description: "Concurrent executions of the account, per region.",
        default: 1000,
      },
    },
    check({ stack, report, setting }) {
      const most = setting<number>("accountLimit") - KEPT;
      const sums = new Map<string, number>();
      const open: string[] = [];
      for (const lambda of stack.of(T.function)) {
        const reserved = peek(() => number(lambda.props["reservedConcurrentExecutions"]));
        if (reserved === UNKNOWN) open.push(lambda.name);
        if (typeof reserved !== "number" || reserved < 0) continue;
        if (reserved === 0)
          report(
            lambda,
            "must be able to run, got reservedConcurrentExecutions 0",
            "set reservedConcurrentExecutions to 1 or more, or leave it out",
          );
        const region = stack.regionOf(lambda) ?? "";
        const before = sums.get(region) ?? 0;
        sums.set(region, before + reserved);
        // Said once, of the function that passes the limit.
        if (before <= most && before + reserved > most)
          report(lambda, `must leave the region within ${most} reserved executions, got ${before + reserved}`);
      }
      if (open.length > 0) throw new UnknownInput(`reservedConcurrentExecutions of ${open.join(", ")}`);
    },
  },
  {
    scope: "stack",
    name: "throttle-capacity",
    types: [T.stage, N.methodSettings],
    description: "A stage admits no more requests than its servers carry with one zone lost.",
    rationale: "More requests wait, time out and are sent again: an overload does not end by itself.",
    fix: "lower throttlingRateLimit, or raise the servers' maximum",
    severity: "medium",
    level: "production",
    example: examples.none,
    ids: { availability: 27 },
    url: "https://aws.amazon.com/builders-library/using-load-shedding-to-avoid-overload/",
    settings: {
      requestsPerServer: { type: "number", description: "Requests per second that a server carries.", default: 100 },
      requestsPerExecution: {
        type: "number",
        description: "Requests per second that one concurrent execution carries.",
        default: 10,
      },
      accountLimit: {
        type: "integer",
        description: "Concurrent executions of the account, which a function without a reservation may use.",
        default: 1000,
      },
    },
    check(stage, { stack, report, setting }) {
      const rest = stage.type === N.methodSettings;
      const [api] = rest ? stack.targets(stage, "restApi", T.restApi) : stack.targets(stage, "apiId", T.api);
      if (api === undefined) return;
      let capacity = 0;
      const workloads = [...new Set(entrances(stack).get(api) ?? [])];
      // Where some functions have a share of the account, one without gets what is left, which may be nothing.
      const shares = workloads.some(({ props }) => number(props["reservedConcurrentExecutions"]) !== undefined);
      for (const workload of workloads) {
        if (
          shares &&
          workload.type === T.function &&
          number(workload.props["reservedConcurrentExecutions"]) === undefined
        )
          continue;
        const servers = capacityOf(workload, stack);
        const count = servers ? (workloadZones(workload, stack)?.names.size ?? 0) : 0;
        const left = count > 1 ? (count - 1) / count : 1;
        if (servers) capacity += servers.max * left * setting<number>("requestsPerServer");
        else if (workload.type === T.function)
          capacity +=
            (number(workload.props["reservedConcurrentExecutions"]) ?? setting<number>("accountLimit")) *
            setting<number>("requestsPerExecution");
        else capacity += setting<number>("requestsPerServer");
      }
      const limits = rest
        ? [block(stage.props["settings"])]
        : [block(stage.props["defaultRouteSettings"]), ...blocks(stage.props["routeSettings"])];
      const highest = Math.max(...limits.map((one) => number(one["throttlingRateLimit"]) ?? 0));
      if (capacity > 0 && highest > capacity)
        report(
          stage,
          `must throttle at the ${Math.floor(capacity)} requests/s that are left without a zone, got ${highest}`,
          `set ${rest ? "settings" : "defaultRouteSettings"}.throttlingRateLimit to ${Math.floor(capacity)}, or raise the servers' maximum`,
        );
    },
  },
  {
    scope: "stack",
    name: "non-blocking-logs",
    types: [T.ecsTask],
    description: "A container goes on when its logs cannot be sent.",
    rationale: "When CloudWatch Logs is slow, every container that waits for it is down.",
    fix: "remove mode from logConfiguration.options, or set it to non-blocking",
    severity: "medium",
    level: "production",
    ids: { availability: 28 },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html",
    check(task, { stack, report }) {
      for (const container of containers(task)) {
        const log = block(container["logConfiguration"]);
        // The Docker driver of FireLens sends without waiting, no matter what the router does.
        if (!["awslogs", "splunk"].includes(text(log["logDriver"]))) continue;
        const mode = block(log["options"])["mode"];
        if (mode === "blocking" || (mode === undefined && waitsByDefault(stack)))
          report(
            task,
            `must not wait for its logs, got mode ${show(mode)} in container ${show(container["name"])}`,
            `set logConfiguration.options.mode to non-blocking in container ${show(container["name"])}`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "quota-headroom",
    types: [...new Set(quotas.map(([parent]) => parent)), T.role],
    description: "A fifth of each quota stays free.",
    rationale: "The deployment that exceeds a quota fails half-way, often the one that repairs something.",
    fix: "split it, or have the quota raised and set it in the pack's configuration",
    severity: "medium",
    level: "production",
    ids: { availability: 48 },
    url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_manage_service_limits_suff_buffer_limits.html",
    settings: {
      headroomPercent: { type: "integer", description: "Percent of a quota that stays free.", default: 20 },
      quotas: { type: "object", description: "Raised quotas, by the child's type token.", default: {} },
    },
    check(resource, { stack, report, setting }) {
      const share = 1 - setting<number>("headroomPercent") / 100;
      if (resource.type === T.role) {
        const size = stack
          .referrers(resource, T.rolePolicy, "role")
          .reduce((sum, one) => sum + text(one.props["policy"]).replace(/\s/g, "").length, 0);
        if (size > POLICY_CHARACTERS * share)
          report(resource, `must leave room in its ${POLICY_CHARACTERS} characters of policies, got ${size}`);
      }
      for (const [parent, child, path, limit] of quotas) {
        if (parent !== resource.type) continue;
        const quota = number(block(setting("quotas"))[child]) ?? limit;
        const count = stack.referrers(resource, child, path).length;
        if (count > quota * share)
          report(
            resource,
            `must leave room in its quota of ${quota} ${child.slice(child.lastIndexOf(":") + 1)}, got ${count}`,
          );
      }
    },
  },
];

/**
 * ECS sends logs without waiting since 25 June 2025, unless the account's settings say otherwise.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
 */
function waitsByDefault(stack: Stack): boolean {
  return stack
    .of("aws:ecs/accountSettingDefault:AccountSettingDefault")
    .some(
      ({ props }) => peek(() => props["name"]) === "defaultLogDriverMode" && peek(() => props["value"]) === "blocking",
    );
}
