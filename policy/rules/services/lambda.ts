import { examples } from "../../network/examples";
import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import {
  asynchronousCallers,
  eventTypes,
  handlesRequests,
  invokeConfigsOf,
  isSet,
  keepsFailedEvents,
  sourceOf,
} from "../../stack/invocations";
import { deprecatedRuntimes, sourceOfService, successorOf } from "../../stack/lambda-names";
import { isTrue, list, number, show, text, texts } from "../../stack/read";
import { T } from "../../stack/types";
import { secretsIn, variables } from "../../stack/workloads";

/** Rules for Lambda. */
export const lambdaRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "function-async-retries",
    types: [T.function],
    description: "A function that is invoked asynchronously says for how long an event is retried.",
    rationale: "By default events wait for up to six hours, and are handled after an outage when they are out of date.",
    fix: "add an aws.lambda.FunctionEventInvokeConfig with maximumEventAgeInSeconds and maximumRetryAttempts",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html",
    check(lambda, { stack, report }) {
      // Without a destination, function-failure-destination reports the function.
      if (asynchronousCallers(lambda, stack).length === 0 || !keepsFailedEvents(lambda, stack)) return;
      const stated = invokeConfigsOf(lambda, stack).some(
        (one) => isSet(one, "maximumEventAgeInSeconds") || isSet(one, "maximumRetryAttempts"),
      );
      if (!stated) report(lambda, "must say for how long events are retried, got no maximumEventAgeInSeconds");
    },
  },
  {
    scope: "stack",
    name: "function-failure-destination",
    types: [T.function],
    description: "A function that is invoked asynchronously keeps the events that it fails to handle.",
    rationale: "Lambda discards an event after two retries, without a trace of it.",
    fix: "add an aws.lambda.FunctionEventInvokeConfig with destinationConfig.onFailure, or set deadLetterConfig.targetArn",
    severity: "medium",
    level: "production",
    example: examples.failedEvents,
    ids: { cdkNag: ["LambdaDLQ"], checkov: ["CKV_AWS_116"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    check(lambda, { stack, report }) {
      const callers = asynchronousCallers(lambda, stack);
      if (callers.length > 0 && !keepsFailedEvents(lambda, stack))
        report(
          lambda,
          `must keep events of ${callers.join(", ")} that fail, got no destinationConfig.onFailure`,
          "set deadLetterConfig.targetArn to the ARN of a queue or topic, or add an aws.lambda.FunctionEventInvokeConfig with destinationConfig.onFailure",
        );
    },
  },
  {
    scope: "resource",
    name: "function-no-plain-secret",
    types: [T.function],
    description: "Environment variables of a function contain no secret.",
    rationale: "Every person and tool that may describe the function can read its variables.",
    fix: "put the secret into Secrets Manager, and its name into the variable",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_45"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check(lambda, { report }) {
      const found = secretsIn(variables(lambda));
      if (found.length > 0)
        report(
          lambda,
          `must have no secret in its environment variables, got ${found.join(", ")}`,
          `put ${found.join(", ")} into Secrets Manager, and the name of the secret into the variable`,
        );
    },
  },
  {
    scope: "stack",
    name: "function-reserved-concurrency",
    types: [T.function],
    description: "Where a stack has several functions, each has a share of the account's concurrency reserved.",
    rationale: "A function that is invoked too often otherwise uses up the concurrency of the others.",
    fix: "set reservedConcurrentExecutions",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["LambdaConcurrency"], checkov: ["CKV_AWS_115"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    check(lambda, { stack, report }) {
      if (stack.of(T.function).length < 2) return;
      const reserved = number(lambda.props["reservedConcurrentExecutions"]);
      if (reserved === undefined || reserved < 0)
        report(lambda, `must reserve concurrency, got reservedConcurrentExecutions ${show(reserved)}`);
    },
  },
  {
    scope: "resource",
    name: "function-runtime",
    types: [T.function],
    description: "A function uses a runtime that AWS still patches.",
    rationale: "A deprecated runtime gets no security fixes, and AWS refuses updates of its functions later.",
    fix: "choose a runtime that is not deprecated",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Lambda.2"], cdkNag: ["AwsSolutions-L1"], checkov: ["CKV_AWS_363"] },
    settings: { deprecated: { type: "array", description: "Runtimes that are refused.", default: deprecatedRuntimes } },
    check(lambda, { report, setting }) {
      const runtime = text(lambda.props["runtime"]);
      if (texts(setting("deprecated")).includes(runtime))
        report(
          lambda,
          `must use a runtime that is not deprecated, got ${show(runtime)}`,
          `set runtime to ${successorOf(runtime)}`,
        );
    },
  },
  {
    scope: "stack",
    name: "function-tracing",
    types: [T.function],
    description: "A function that handles requests of clients, in a stack with several functions, records traces.",
    rationale: "Without a trace, the cause of a slow request has to be looked for in every service.",
    fix: "set tracingConfig.mode to Active",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["Lambda.7"], checkov: ["CKV_AWS_50"] },
    check(lambda, context) {
      if (context.stack.of(T.function).length > 1 && handlesRequests(lambda, context.stack))
        requireOneOf(lambda, context, "tracingConfig.mode", ["Active"], "be traced");
    },
  },
  {
    scope: "stack",
    name: "function-url-auth",
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    description: "The URL of a function can be used by signed requests only.",
    rationale: "A function URL has no throttle, so that anyone on the internet can use up the account's concurrency.",
    fix: "set authorizationType to AWS_IAM",
    severity: "high",
    level: "mandatory",
    example: examples.closedFunctionUrl,
    ids: { checkov: ["CKV_AWS_258"] },
    url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    check(url, context) {
      requireOneOf(url, context, "authorizationType", ["AWS_IAM"], "be authorised");
    },
  },
  {
    scope: "stack",
    name: "mapping-partial-batch",
    types: [eventTypes.mapping],
    description: "A function that reads a queue in batches reports which messages of a batch failed.",
    rationale: "One message that fails otherwise sends its whole batch back, and the others are handled again.",
    fix: 'set functionResponseTypes to ["ReportBatchItemFailures"], and return the failed messages from the function',
    severity: "medium",
    level: "production",
    example: examples.partialBatches,
    ids: {},
    url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
    check(mapping, { report }) {
      const size = number(mapping.props["batchSize"]) ?? 10; // AWS's default for queues
      if (sourceOf(mapping) !== "queue" || size <= 1) return;
      if (!list(mapping.props["functionResponseTypes"]).includes("ReportBatchItemFailures"))
        report(
          mapping,
          `must report the failed messages of a batch of ${size}, got no ReportBatchItemFailures`,
          'set functionResponseTypes to ["ReportBatchItemFailures"], and return the failed messages from the function',
        );
    },
  },
  {
    scope: "resource",
    name: "permission-bucket-account",
    types: [eventTypes.permission],
    description: "The permission for a bucket to invoke a function names the account of the bucket.",
    rationale:
      "A bucket's ARN has no account: who makes a bucket of that name, once it is deleted, invokes the function.",
    fix: "set sourceAccount to the id of the account that has the bucket",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Lambda.1"] },
    check(permission, { report }) {
      if (!/^s3\.amazonaws\.com(\.cn)?$/.test(text(permission.props["principal"]))) return;
      // permission-source reports one that names neither.
      if (isSet(permission, "sourceArn") && !isSet(permission, "sourceAccount"))
        report(permission, "must name the account of the bucket, got no sourceAccount");
    },
  },
  {
    scope: "resource",
    name: "permission-not-public",
    types: [eventTypes.permission],
    description: "The permission to invoke a function names an account or an AWS service.",
    rationale: "Any AWS account could otherwise run the function, at the cost of this one.",
    fix: "name the account or AWS service in principal",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["Lambda.1"], cdkNag: ["LambdaFunctionPublicAccessProhibited"], checkov: ["CKV_AWS_301"] },
    check(permission, { report }) {
      const { principal, principalOrgId, functionUrlAuthType, invokedViaFunctionUrl } = permission.props;
      // function-url-auth reports the URL. Since October 2025 a URL needs a second permission, which says so as well.
      if (functionUrlAuthType === "NONE" || isTrue(invokedViaFunctionUrl)) return;
      if (principal === "*" && principalOrgId === undefined)
        report(permission, 'must name who may invoke the function, got principal "*"');
    },
  },
  {
    scope: "resource",
    name: "permission-source",
    types: [eventTypes.permission],
    description: "An AWS service may invoke a function on behalf of a named source or account only.",
    rationale: "The API or topic of another account could otherwise make the service invoke the function.",
    fix: "set sourceArn or sourceAccount",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["Lambda.1"], checkov: ["CKV_AWS_364"] },
    check(permission, { report }) {
      const { principal, principalOrgId } = permission.props;
      if (!/\.amazonaws\.com(\.cn)?$/.test(text(principal)) || principalOrgId !== undefined) return;
      if (!isSet(permission, "sourceArn") && !isSet(permission, "sourceAccount"))
        report(
          permission,
          `must name the resource on whose behalf ${show(principal)} invokes the function, got no sourceArn`,
          `set sourceArn to the ARN of ${sourceOfService(text(principal))}`,
        );
    },
  },
];
