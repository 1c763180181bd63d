import { ruleTypes } from "../../network/access";
import { capacityOf, workloadZones } from "../../network/capacity";
import { backendOf } from "../../network/paths";
import type { Rule } from "../../pack/rule";
import { block, blocks, number, show, text } from "../../stack/read";
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
    types: [T.authorizer, "aws:apigateway/authorizer:Authorizer"],
    description: "A Lambda authorizer answers within 10 s, and its answer is kept for 60 to 300 s.",
    rationale: "Every request waits for it; kept too long, a revoked right lives on.",
    fix: "set authorizerResultTtlInSeconds to 60-300 and the function's timeout below 10",
    severity: "medium",
    level: "mandatory",
    ids: { availability: 25 },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html",
    check(authorizer, { stack, report }) {
      const kind = text(authorizer.props["authorizerType"] ?? authorizer.props["type"]) || "TOKEN";
      if (kind === "JWT" || kind === "COGNITO_USER_POOLS") return;
      const rest = authorizer.type.startsWith("aws:apigateway/");
      const ttl = number(authorizer.props["authorizerResultTtlInSeconds"]) ?? (rest ? 300 : 0);
      if (ttl < 60 || ttl > 300) report(authorizer, `must keep answers for 60-300 s, got ${ttl}`);
      for (const lambda of stack.targets(authorizer, "authorizerUri", T.function)) {
        const timeout = number(lambda.props["timeout"]) ?? 3;
        if (timeout >= 10)
          report(lambda, `must answer within 10 s, as ${authorizer} waits for it, got timeout ${timeout}`);
      }
    },
  },
  {
    scope: "program",
    name: "concurrency-sum",
    description: "Functions reserve no more than the account has, and none reserves nothing.",
    rationale: "AWS refuses the last function; and 0 means that a function never runs.",
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
        if (reserved === 0) report(lambda, "must be able to run, got reservedConcurrentExecutions 0");
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
    types: [T.stage],
    description: "A stage lets in no more than its servers carry with one zone lost.",
    rationale: "More than that is queued, times out and is retried: an overload does not end by itself.",
    fix: "lower the stage's throttlingRateLimit, or raise the servers' maximum",
    severity: "medium",
    level: "production",
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
      const [api] = stack.targets(stage, "apiId", T.api);
      if (api === undefined) return;
      const workloads = new Set(
        stack.referrers(api, T.integration, "apiId").flatMap((one) => backendOf(one, stack).workloads),
      );
      let capacity = 0;
      for (const workload of workloads) {
        const servers = capacityOf(workload, stack);
        const count = workloadZones(workload, stack)?.names.size ?? 0;
        const left = count > 1 ? (count - 1) / count : 1;
        if (servers) capacity += servers.max * left * setting<number>("requestsPerServer");
        else
          capacity +=
            (number(workload.props["reservedConcurrentExecutions"]) ?? setting<number>("accountLimit")) *
            setting<number>("requestsPerExecution");
      }
      const limits = [block(stage.props["defaultRouteSettings"]), ...blocks(stage.props["routeSettings"])];
      const highest = Math.max(...limits.map((one) => number(one["throttlingRateLimit"]) ?? 0));
      if (capacity > 0 && highest > capacity)
        report(
          stage,
          `must throttle at the ${Math.floor(capacity)} requests/s that are left without a zone, got ${highest}`,
        );
    },
  },
  {
    scope: "resource",
    name: "non-blocking-logs",
    types: [T.ecsTask],
    description: "A container does not stop when its logs cannot be sent.",
    rationale: "When CloudWatch Logs is slow, every container that blocks on it is down.",
    fix: "set logConfiguration.options mode to non-blocking and max-buffer-size",
    severity: "medium",
    level: "production",
    ids: { availability: 28 },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    check(task, { report }) {
      for (const container of containers(task)) {
        const log = block(container["logConfiguration"]);
        if (!["awslogs", "awsfirelens", "splunk"].includes(text(log["logDriver"]))) continue;
        const options = block(log["options"]);
        if (options["mode"] !== "non-blocking")
          report(
            task,
            `must not wait for its logs, got mode ${show(options["mode"])} in container ${show(container["name"])}`,
          );
        else if (text(options["max-buffer-size"]) === "")
          report(task, `must bound its logs' buffer, got no max-buffer-size in container ${show(container["name"])}`);
      }
    },
  },
  {
    scope: "stack",
    name: "quota-headroom",
    types: [...new Set(quotas.map(([parent]) => parent)), T.role],
    description: "Nothing is closer to a quota than a fifth of it.",
    rationale: "The deployment that passes it fails half-way, often the one that mends something.",
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
