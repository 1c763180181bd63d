import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { list, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { secretsIn, variables } from "../../stack/workloads";

/** Runtimes that AWS patches. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const supported = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
  "java17",
  "java21",
  "java25",
  "dotnet8",
  "dotnet10",
  "ruby3.3",
  "ruby3.4",
  "provided.al2023",
];

/** Rules for Lambda. */
export const lambdaRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "function-no-plain-secret",
    types: [T.function],
    description: "Functions read secrets from where they are kept.",
    rationale: "Variables of a function can be read by everyone who may describe it.",
    fix: "name the secret instead and read it at the start",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_45"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check(lambda, { report }) {
      const found = secretsIn(variables(lambda));
      if (found.length > 0) report(lambda, `must hold no secret in its environment, got ${found.join(", ")}`);
    },
  },
  {
    scope: "resource",
    name: "function-reserved-concurrency",
    types: [T.function],
    description: "Each function has its own share of the account's concurrency.",
    rationale: "One that runs away takes all of it, and every other function is throttled.",
    fix: "set reservedConcurrentExecutions",
    severity: "medium",
    level: "production",
    ids: { cdkNag: ["LambdaConcurrency"], checkov: ["CKV_AWS_115"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    check(lambda, { report }) {
      const reserved = number(lambda.props["reservedConcurrentExecutions"]);
      if (reserved === undefined || reserved < 0) report(lambda, `must reserve concurrency, got ${show(reserved)}`);
    },
  },
  {
    scope: "resource",
    name: "function-runtime",
    types: [T.function],
    description: "Functions run on a runtime that AWS patches.",
    rationale: "A retired runtime gets no fixes, and one day cannot be updated at all.",
    fix: "choose a supported runtime",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Lambda.2"], cdkNag: ["AwsSolutions-L1"], checkov: ["CKV_AWS_363"] },
    settings: { runtimes: { type: "array", description: "Runtimes that count as supported.", default: supported } },
    check(lambda, { report, setting }) {
      const { runtime, packageType, imageUri } = lambda.props;
      if (packageType === "Image" || imageUri !== undefined) return;
      if (!list(setting("runtimes")).includes(runtime))
        report(lambda, `must use a supported runtime, got ${show(runtime)}`);
    },
  },
  {
    scope: "resource",
    name: "function-tracing",
    types: [T.function],
    description: "Functions take part in traces.",
    rationale: "A slow call is otherwise looked for in every service in turn.",
    fix: "set tracingConfig.mode to Active",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["Lambda.7"], checkov: ["CKV_AWS_50"] },
    check(lambda, context) {
      requireOneOf(lambda, context, "tracingConfig.mode", ["Active"], "be traced");
    },
  },
  {
    scope: "resource",
    name: "function-url-auth",
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    description: "A function's URL asks who is calling.",
    rationale: "It has neither throttle nor firewall before it.",
    fix: "set authorizationType to AWS_IAM",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_258"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    check(url, context) {
      requireOneOf(url, context, "authorizationType", ["AWS_IAM"], "be authorised");
    },
  },
  {
    scope: "resource",
    name: "permission-not-public",
    types: ["aws:lambda/permission:Permission"],
    description: "Not everybody may invoke a function.",
    rationale: "Anybody with an AWS account could run it, and be billed to this one.",
    fix: "name the account or service in principal",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["Lambda.1"], cdkNag: ["LambdaFunctionPublicAccessProhibited"], checkov: ["CKV_AWS_301"] },
    check(permission, { report }) {
      if (permission.props["principal"] === "*" && permission.props["principalOrgId"] === undefined)
        report(permission, 'must name its principal, got "*"');
    },
  },
  {
    scope: "resource",
    name: "permission-source",
    types: ["aws:lambda/permission:Permission"],
    description: "A service may invoke a function for a named source only.",
    rationale: "Otherwise another account's API or topic can make the service call it.",
    fix: "set sourceArn or sourceAccount",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["Lambda.1"], checkov: ["CKV_AWS_364"] },
    check(permission, { report }) {
      const { principal, principalOrgId } = permission.props;
      if (!/\.amazonaws\.com(\.cn)?$/.test(text(principal)) || principalOrgId !== undefined) return;
      // An unknown ARN is still an ARN.
      const named = ["sourceArn", "sourceAccount"].some(
        (key) => ![undefined, null, ""].includes(peek(() => permission.props[key]) as any),
      );
      if (!named) report(permission, `must name its source, got none for ${show(principal)}`);
    },
  },
];
