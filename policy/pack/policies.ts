import type {
  EnforcementLevel,
  Policies,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type RawResource, Resource } from "../stack/resource";
import { Stack } from "../stack/stack";
import { canonicalType } from "../stack/types";
import { frameworkOf, tagsOf, urlOf } from "./catalogue";
import type { ResourceRule, Rule, RuleFacts } from "./rule";
import { configSchema, type RuleConfig, runOf, type Say } from "./run";

/** What the evaluator takes as a violation beside plain text: the text as it is, and a level of its own. */
interface Violation {
  readonly name: string;
  readonly message: string;
  readonly urn: string;
  readonly enforcementLevel?: EnforcementLevel;
  readonly severity: RuleFacts["severity"];
}

/** Configuration of a rule by its name, where the engine does not hold it. */
export type ConfigOf = (rule: string) => RuleConfig;

/** Policies as the engine takes them: one per rule, so that each can be configured by its name. */
export function toPolicies(rules: readonly Rule[], configOf?: ConfigOf): Policies {
  return rules.map((rule) =>
    rule.scope === "resource" ? toResourcePolicy(rule, configOf) : toStackPolicy(rule, configOf),
  );
}

export function toResourcePolicy(rule: ResourceRule, configOf?: ConfigOf): ResourceValidationPolicy {
  const { remediate } = rule;
  const configure = (args: ResourceValidationArgs) => configOf?.(rule.name) ?? args.getConfig<RuleConfig>();
  return {
    ...metadata(rule),
    validateResource: (args, report) => {
      if (!rule.types.includes(canonicalType(args.type))) return;
      const run = runOf(rule, args.urn, configure(args), say(rule, report, args.urn));
      run?.((context) => rule.check(new Resource(args as RawResource), context));
    },
    ...(remediate && {
      remediateResource: (args) => {
        if (!rule.types.includes(canonicalType(args.type))) return undefined;
        let mended: Record<string, any> | undefined;
        runOf(rule, args.urn, configure(args), () => {})?.((context) => {
          mended = remediate(args.props, context);
        });
        return mended;
      },
    }),
  };
}

export function toStackPolicy(rule: Rule, configOf?: ConfigOf): StackValidationPolicy {
  return {
    ...metadata(rule),
    validateStack: (args, report) => {
      const stack = new Stack(args.resources as unknown as RawResource[]);
      checkStack(rule, stack, configOf?.(rule.name) ?? args.getConfig<RuleConfig>(), say(rule, report, ""));
    },
  };
}

/** All rules on the stack as one policy: reads the resources once instead of once per rule. */
export function toBundle(rules: readonly Rule[], configOf: ConfigOf): StackValidationPolicy {
  return {
    name: "stack",
    description: "Every rule on the stack.",
    validateStack: (args, report) => {
      const stack = new Stack(args.resources as unknown as RawResource[]);
      for (const rule of rules) {
        const violate = say(rule, report, "");
        checkStack(rule, stack, configOf(rule.name), (urn, message, level = registeredLevel(rule)) =>
          violate(urn, message, level),
        );
      }
    },
  };
}

/** Runs a rule on a stack; each resource by itself, so that one unknown does not silence the rule for the others. */
export function checkStack(rule: Rule, stack: Stack, config: RuleConfig, report: Say): void {
  const anyUrn = stack.resources[0]?.urn ?? "";
  if (rule.scope === "program") {
    runOf(rule, anyUrn, config, report)?.((context) => rule.check({ ...context, stack }));
    return;
  }
  for (const resource of stack.of(...rule.types)) {
    runOf(rule, resource.urn, config, report)?.((context) => rule.check(resource, { ...context, stack }));
  }
}

function say(rule: Rule, report: ReportViolation, own: string): Say {
  // Declared for text only, but the evaluator takes an object, and only that carries a level.
  const violate = report as unknown as (violation: Violation) => void;
  return (urn, message, level) =>
    violate({
      name: rule.name,
      message,
      urn: urn || own,
      severity: rule.severity,
      ...(level === undefined ? {} : { enforcementLevel: level }),
    });
}

function metadata(rule: Rule) {
  return {
    name: rule.name,
    displayName: rule.name,
    description: rule.description,
    enforcementLevel: registeredLevel(rule),
    severity: rule.severity,
    framework: frameworkOf(rule),
    tags: tagsOf(rule),
    remediationSteps: `${rule.fix[0]?.toUpperCase()}${rule.fix.slice(1)}.`,
    url: urlOf(rule),
    configSchema: configSchema(rule) as PolicyConfigSchema,
  };
}

/** The strictest level of any environment; weaker ones are said with each violation. */
export function registeredLevel({ level }: RuleFacts): "advisory" | "mandatory" {
  return level === "advisory" ? "advisory" : "mandatory";
}
