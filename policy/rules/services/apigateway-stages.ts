import { examples } from "../../network/examples";
import { requireOneOf, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { G, isPrivate, operationOf, operationsInBody } from "../../stack/gateway";
import { isSet } from "../../stack/invocations";
import { at, block, blocks, isTrue, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

/** Methods whose requests have a body, of one path: what a greedy path takes, no single model describes. */
const writes = /^(POST|PUT|PATCH) (?!.*\{\w+\+\}$)/;

/** Rules for API Gateway: stages, method settings and what a method checks of a request. */
export const apigatewayStagesRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "method-settings-cache",
    types: [G.methodSettings],
    description: "A method that caches encrypts its cache, and lets only authorised callers invalidate it.",
    rationale: "Otherwise a header of any caller, Cache-Control: max-age=0, bypasses the cache and loads the servers.",
    fix: "set settings.cacheDataEncrypted and requireAuthorizationForCacheControl to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["APIGateway.5"], checkov: ["CKV_AWS_308"] },
    check(method, context) {
      if (!isTrue(at(method.props, "settings.cachingEnabled"))) return;
      requireTrue(method, context, "settings.cacheDataEncrypted", "encrypt its cache");
      // AWS's default is true.
      const isDefault = !isSet(method, "settings.requireAuthorizationForCacheControl");
      if (!isDefault)
        requireTrue(method, context, "settings.requireAuthorizationForCacheControl", "authorise cache control");
    },
  },
  {
    scope: "stack",
    name: "method-settings-logging",
    types: [G.methodSettings],
    description: "Method settings of a REST API log errors, and no whole requests.",
    rationale: "Without a log level no error is recorded, and traced data puts tokens and personal data into the log.",
    fix: "set settings.loggingLevel to ERROR or INFO, and dataTraceEnabled to false",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    example: examples.stageLogs,
    ids: { securityHub: ["APIGateway.1"], cdkNag: ["AwsSolutions-APIG6"], checkov: ["CKV2_AWS_4", "CKV_AWS_276"] },
    check(method, context) {
      requireOneOf(method, context, "settings.loggingLevel", ["ERROR", "INFO"], "log errors");
      if (isTrue(at(method.props, "settings.dataTraceEnabled")))
        context.report(
          method,
          "must not log whole requests, got settings.dataTraceEnabled true",
          "set settings.dataTraceEnabled to false",
        );
    },
  },
  {
    scope: "stack",
    name: "method-settings-throttle",
    types: [G.methodSettings],
    description: "Method settings of a REST API limit rate and burst.",
    rationale:
      "Without a limit of its own an API may use the whole account's rate, and its servers receive all of that.",
    fix: "set settings.throttlingRateLimit and throttlingBurstLimit",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    check(method, { report }) {
      const one = block(method.props["settings"]);
      const missing = ["throttlingRateLimit", "throttlingBurstLimit"].filter((key) => !((number(one[key]) ?? -1) > 0));
      const paths = missing.map((key) => `settings.${key}`);
      if (missing.length > 0)
        report(
          method,
          `must limit the rate of requests, got no ${missing.join(" and no ")}`,
          `set ${paths.join(" and ")} to what its servers carry`,
        );
    },
  },
  {
    scope: "stack",
    name: "method-validator",
    types: [G.method, T.restApi],
    description: "A method of a REST API that takes a body validates it.",
    rationale: "The gateway refuses a malformed body for free, which a server would have to parse.",
    fix: "set a request validator, with a model of the body",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-APIG2"], checkov: ["CKV2_AWS_53"] },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
    check(resource, { stack, report }) {
      if (resource.type === G.method) {
        const { key, validated } = operationOf(resource, stack);
        if (writes.test(key) && !validated) report(resource, "must validate requests, got no requestValidatorId");
        return;
      }
      const open = operationsInBody(resource).filter(({ key, validated }) => writes.test(key) && !validated);
      if (open.length > 0)
        report(
          resource,
          `must validate requests, got no request validator for ${open.map(({ key }) => key).join(", ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "stage-access-logs",
    types: [T.stage, G.restStage],
    description: "A stage of an API logs every request.",
    rationale: "Requests that the gateway refuses are recorded nowhere else.",
    fix: "set accessLogSettings with destinationArn and format",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    example: examples.stageLogs,
    ids: { securityHub: ["APIGateway.9"], cdkNag: ["AwsSolutions-APIG1"], checkov: ["CKV_AWS_76"] },
    check(stage, { report }) {
      const log = block(stage.props["accessLogSettings"]);
      // The ARN is unknown at preview; that there is one counts.
      const missing = ["destinationArn", "format"].filter((key) =>
        [undefined, null, ""].includes(peek(() => log[key]) as any),
      );
      const paths = missing.map((key) => `accessLogSettings.${key}`);
      if (missing.length > 0)
        report(stage, `must log its requests, got no ${missing.join(" and no ")}`, `set ${paths.join(" and ")}`);
    },
  },
  {
    scope: "stack",
    name: "stage-method-settings",
    types: [G.restStage],
    description: "A stage of a REST API has method settings.",
    rationale:
      "Without them its methods may use the rate of the whole account, and errors of the gateway are not logged.",
    fix: 'add an aws.apigateway.MethodSettings for the stage, with methodPath "*/*", a log level, a rate and a burst',
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    example: examples.stageLogs,
    ids: { securityHub: ["APIGateway.1"], cdkNag: ["AwsSolutions-APIG6"], checkov: ["CKV2_AWS_4"] },
    check(stage, { stack, report }) {
      const name = peek(() => text(stage.props["stageName"]));
      const found = settingsOfApi(stage, stack).filter((one) => {
        if (one.dependsOn("stageName").includes(stage.urn)) return true;
        const own = peek(() => text(one.props["stageName"]));
        return own === UNKNOWN || name === UNKNOWN || own === name;
      });
      if (found.length === 0) report(stage, "must have method settings, got none");
    },
  },
  {
    scope: "stack",
    name: "stage-throttle",
    types: [T.stage],
    description: "A stage of an HTTP or WebSocket API limits the rate of every route.",
    rationale:
      "Without a limit of its own an API may use the whole account's rate, and its servers receive all of that.",
    fix: "set defaultRouteSettings.throttlingRateLimit and throttlingBurstLimit",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    check(stage, { report }) {
      const limits = [
        ["every route", "defaultRouteSettings", block(stage.props["defaultRouteSettings"])] as const,
        ...blocks(stage.props["routeSettings"]).map(
          (one, i) => [`route ${show(one["routeKey"])}`, `routeSettings.${i}`, one] as const,
        ),
      ];
      for (const [name, path, one] of limits) {
        const missing = ["throttlingRateLimit", "throttlingBurstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
        if (missing.length > 0)
          report(
            stage,
            `must limit the rate of ${name}, got no ${missing.join(" and no ")}`,
            `set ${missing.map((key) => `${path}.${key}`).join(" and ")} to what its servers carry`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "stage-tracing",
    types: [G.restStage],
    description: "Where a program traces requests, every stage of a REST API takes part in the traces.",
    rationale: "Without a trace the time that a request spent in the gateway is not known.",
    fix: "set xrayTracingEnabled to true",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["APIGateway.3"], checkov: ["CKV_AWS_73"] },
    check(stage, { stack, report }) {
      const traced = stage.props["xrayTracingEnabled"];
      if (!isTrue(traced) && isTracing(stack))
        report(stage, `must trace its requests, as the program does elsewhere, got xrayTracingEnabled ${show(traced)}`);
    },
  },
  {
    scope: "stack",
    name: "stage-waf",
    types: [G.restStage],
    description: "A stage of a public REST API has a web application firewall.",
    rationale: "It refuses floods and known attacks before they use up the throttle.",
    fix: "add an aws.wafv2.WebAclAssociation",
    severity: "medium",
    level: "production",
    example: examples.webAcl,
    ids: { securityHub: ["APIGateway.4"], cdkNag: ["AwsSolutions-APIG3"], checkov: ["CKV2_AWS_29"] },
    check(stage, { stack, report }) {
      const [api] = stack.targets(stage, "restApi", T.restApi);
      if (api && isPrivate(api)) return;
      if (stack.referrers(stage, "aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn").length === 0)
        report(stage, "must have a web ACL, got none");
    },
  },
];

/** Method settings of the API that a stage belongs to. */
function settingsOfApi(stage: Resource, stack: Stack): readonly Resource[] {
  const [api] = stack.targets(stage, "restApi", T.restApi);
  if (api !== undefined) return stack.referrers(api, G.methodSettings, "restApi");
  const id = peek(() => text(stage.props["restApi"]));
  return stack.of(G.methodSettings).filter((one) => peek(() => text(one.props["restApi"])) === id);
}

/** What takes part in traces, with the property that says so. */
const traceable = [
  [G.restStage, "xrayTracingEnabled"],
  [T.function, "tracingConfig.mode"],
  ["aws:appsync/graphQLApi:GraphQLApi", "xrayEnabled"],
  ["aws:sfn/stateMachine:StateMachine", "tracingConfiguration.enabled"],
] as const;

/** Whether a resource of a program takes part in traces. */
function isTracing(stack: Stack): boolean {
  return stack.memo("a resource that takes part in traces", () =>
    traceable.some(([type, path]) =>
      stack.of(type).some(({ props }) => {
        const value = peek(() => at(props, path));
        return isTrue(value) || value === "Active";
      }),
    ),
  );
}
