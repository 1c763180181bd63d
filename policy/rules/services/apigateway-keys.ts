import type { Rule } from "../../pack/rule";
import { G, matchesRoute, type Operation, operationOf, operationsInBody } from "../../stack/gateway";
import { block, blocks, list, number, show, texts } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Rules for API Gateway: API keys and usage plans. */
export const apigatewayKeysRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "api-key-in-plan",
    types: [G.apiKey],
    description: "An API key belongs to a usage plan.",
    rationale: "Methods that ask for a key refuse one without a plan with 403, although the key is enabled.",
    fix: "add an aws.apigateway.UsagePlanKey for the key",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(key, { stack, report }) {
      if (stack.referrers(key, G.usagePlanKey, "keyId").length === 0)
        report(key, "must belong to a usage plan, got no usage plan key for it");
    },
  },
  {
    scope: "stack",
    name: "method-api-key",
    types: [G.method, T.restApi],
    description: "Where a REST API has usage plans, every method of it but those for health checks asks for a key.",
    rationale: "A method that asks for no key counts against no plan, so that its callers have no limit of their own.",
    fix: "set apiKeyRequired to true, or list the method in openMethods",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    settings: {
      openMethods: {
        type: "array",
        description: "Methods that need no key; * stands for anything but a slash. OPTIONS never needs one.",
        default: ["GET /healthz", "GET /*/healthz"],
      },
    },
    check(resource, { stack, report, setting }) {
      const patterns = texts(setting("openMethods"));
      const isOpen = ({ key, apiKey }: Operation) =>
        !apiKey && !/^OPTIONS( |$)/.test(key) && !patterns.some((one) => matchesRoute(one, key));
      const isMethod = resource.type === G.method;
      const apis = isMethod ? stack.targets(resource, "restApi", T.restApi) : [resource];
      if (!apis.some((api) => stack.referrers(api, G.usagePlan, "apiStages").length > 0)) return;
      if (isMethod) {
        if (isOpen(operationOf(resource, stack)))
          report(
            resource,
            `must ask for a key, as its API has usage plans, got apiKeyRequired ${show(resource.props["apiKeyRequired"])}`,
            `set apiKeyRequired to true, or list ${show(operationOf(resource, stack).key)} in openMethods`,
          );
        return;
      }
      const open = operationsInBody(resource).filter(isOpen);
      if (open.length > 0)
        report(
          resource,
          `must ask for a key on every method, as it has usage plans, got no key for ${open.map(({ key }) => key).join(", ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "api-usage-plan",
    types: [T.restApi],
    description: "A REST API whose methods ask for a key has a usage plan.",
    rationale: "A key that no plan of the API's stages has is refused with 403, so that no client gets an answer.",
    fix: "add an aws.apigateway.UsagePlan for the API's stage, or set apiKeyRequired to false",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(api, { stack, report }) {
      if (stack.referrers(api, G.usagePlan, "apiStages").length > 0) return;
      const methods = stack.referrers(api, G.method, "restApi");
      const asks =
        operationsInBody(api).some(({ apiKey }) => apiKey) ||
        methods.some((method) => peek(() => operationOf(method, stack).apiKey) === true);
      if (asks) report(api, "must have a usage plan, as its methods ask for keys, got none");
    },
  },
  {
    scope: "resource",
    name: "usage-plan-method-throttle",
    types: [G.usagePlan],
    description: "A limit of a single method in a usage plan limits rate and burst together.",
    rationale: "With a rate alone the provider sends a burst of 0, and the plan refuses calls of that method.",
    fix: "set rateLimit and burstLimit of each of apiStages[].throttles",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(plan, { report }) {
      for (const one of blocks(plan.props["apiStages"]).flatMap((stage) => blocks(stage["throttles"]))) {
        const missing = ["rateLimit", "burstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
        if (missing.length > 0)
          report(
            plan,
            `must limit rate and burst of ${show(one["path"])}, got no ${missing.join(" and no ")}`,
            `set ${missing.join(" and ")} of ${show(one["path"])} in apiStages[].throttles`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "usage-plan-stage",
    types: [G.usagePlan],
    description: "A usage plan names the stages that it limits.",
    rationale: "A plan without a stage limits nothing, and its keys open no API.",
    fix: "set apiStages, with the stage as stage.stageName",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(plan, { report }) {
      if (list(plan.props["apiStages"]).length === 0) report(plan, "must name its stages, got none");
    },
  },
  {
    scope: "resource",
    name: "usage-plan-throttle",
    types: [G.usagePlan],
    description: "A usage plan limits rate and burst together.",
    rationale: "With a rate alone the provider sends a burst of 0, and the plan refuses its callers after a few calls.",
    fix: "set throttleSettings.rateLimit and burstLimit",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(plan, { report }) {
      const one = block(plan.props["throttleSettings"]);
      const missing = ["rateLimit", "burstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
      if (missing.length > 0)
        report(
          plan,
          `must limit rate and burst, got no ${missing.join(" and no ")}`,
          `set ${missing.map((key) => `throttleSettings.${key}`).join(" and ")}`,
        );
    },
  },
];
