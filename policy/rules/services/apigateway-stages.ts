import { requireOneOf, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, list, number, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Rules for API Gateway: stages and method settings. */
export const apigatewayStagesRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "method-settings-cache",
    types: ["aws:apigateway/methodSettings:MethodSettings"],
    description: "A method that caches encrypts, and lets only the authorised empty the cache.",
    rationale: "Anybody's max-age=0 would pass the cache and load the servers.",
    fix: "set settings.cacheDataEncrypted and requireAuthorizationForCacheControl to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["APIGateway.5"], checkov: ["CKV_AWS_308"] },
    check(method, context) {
      if (!isTrue(at(method.props, "settings.cachingEnabled"))) return;
      requireTrue(method, context, "settings.cacheDataEncrypted", "encrypt its cache");
      requireTrue(method, context, "settings.requireAuthorizationForCacheControl", "authorise cache control");
    },
  },
  {
    scope: "resource",
    name: "method-settings-logging",
    types: ["aws:apigateway/methodSettings:MethodSettings"],
    description: "REST methods log errors, never whole requests.",
    rationale: "Traced data puts tokens and personal data into the log.",
    fix: "set settings.loggingLevel to ERROR or INFO, and dataTraceEnabled to false",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["APIGateway.1"], cdkNag: ["AwsSolutions-APIG6"], checkov: ["CKV2_AWS_4", "CKV_AWS_276"] },
    check(method, context) {
      requireOneOf(method, context, "settings.loggingLevel", ["ERROR", "INFO"], "log errors");
      if (isTrue(at(method.props, "settings.dataTraceEnabled")))
        context.report(method, "must not log whole requests, got dataTraceEnabled true");
    },
  },
  {
    scope: "resource",
    name: "method-settings-throttle",
    types: ["aws:apigateway/methodSettings:MethodSettings"],
    description: "REST methods have a rate limit.",
    rationale: "Without a limit of its own an API takes the whole account's, and its servers all of that.",
    fix: "set settings.throttlingRateLimit and throttlingBurstLimit",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    check(method, { report }) {
      const one = block(method.props["settings"]);
      const missing = ["throttlingRateLimit", "throttlingBurstLimit"].filter((key) => !((number(one[key]) ?? -1) > 0));
      if (missing.length > 0) report(method, `must be throttled, got no ${missing.join(" and no ")}`);
    },
  },
  {
    scope: "resource",
    name: "stage-access-logs",
    types: [T.stage, "aws:apigateway/stage:Stage"],
    description: "A stage logs every request.",
    rationale: "Requests that the gateway refused are recorded nowhere else.",
    fix: "set accessLogSettings with destinationArn and format",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["APIGateway.9"], cdkNag: ["AwsSolutions-APIG1"], checkov: ["CKV_AWS_76"] },
    check(stage, { report }) {
      const log = block(stage.props["accessLogSettings"]);
      // The ARN is unknown at preview; that there is one counts.
      const missing = ["destinationArn", "format"].filter((key) =>
        [undefined, null, ""].includes(peek(() => log[key]) as any),
      );
      if (missing.length > 0) report(stage, `must log its requests, got no ${missing.join(" and no ")}`);
    },
  },
  {
    scope: "resource",
    name: "stage-throttle",
    types: [T.stage],
    description: "A stage limits the rate of every route.",
    rationale: "Without a limit of its own an API takes the whole account's, and its servers all of that.",
    fix: "set defaultRouteSettings.throttlingRateLimit and throttlingBurstLimit",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
    check(stage, { report }) {
      const limits = [
        ["the default", block(stage.props["defaultRouteSettings"])] as const,
        ...blocks(stage.props["routeSettings"]).map((one) => [text(one["routeKey"]), one] as const),
      ];
      for (const [name, one] of limits) {
        const missing = ["throttlingRateLimit", "throttlingBurstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
        if (missing.length > 0) report(stage, `must throttle ${name}, got no ${missing.join(" and no ")}`);
      }
    },
  },
  {
    scope: "resource",
    name: "stage-tracing",
    types: ["aws:apigateway/stage:Stage"],
    description: "REST stages take part in traces.",
    rationale: "The time a request spent in the gateway is otherwise guessed.",
    fix: "set xrayTracingEnabled to true",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["APIGateway.3"], checkov: ["CKV_AWS_73"] },
    check(stage, context) {
      requireTrue(stage, context, "xrayTracingEnabled", "be traced");
    },
  },
  {
    scope: "stack",
    name: "stage-waf",
    types: ["aws:apigateway/stage:Stage"],
    description: "A public REST stage has a web application firewall.",
    rationale: "Floods and known attacks are refused before they use up the throttle.",
    fix: "add an aws.wafv2.WebAclAssociation",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["APIGateway.4"], cdkNag: ["AwsSolutions-APIG3"], checkov: ["CKV2_AWS_29"] },
    check(stage, { stack, report }) {
      const [api] = stack.targets(stage, "restApi", T.restApi);
      if (api && list(at(api.props, "endpointConfiguration.types")).includes("PRIVATE")) return;
      if (stack.referrers(stage, "aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn").length === 0)
        report(stage, "must have a web ACL, got none");
    },
  },
];
