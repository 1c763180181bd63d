import type {
  EnforcementLevel,
  Policies,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isShown } from "../network/examples";
import { hasPurpose } from "../network/intent";
import { type RawResource, Resource, urnOfStack } from "../stack/resource";
import { Stack } from "../stack/stack";
import { canonicalType } from "../stack/types";
import { frameworkOf, tagsOf, urlOf } from "./catalogue";
import { packFacts, packPolicy, waiversFacts, waiversPolicy } from "./own-policies";
import type { ResourceRule, Rule, RuleFacts } from "./rule";
import { classOf, configSchema, hasSettings, isConditional, type RuleConfig, runOf, type Say } from "./run";
import { Session } from "./session";

/** What the evaluator takes as a violation, where its types declare text only. */
interface Violation {
  readonly name: string;
  readonly message: string;
  readonly urn: string;
  readonly enforcementLevel?: EnforcementLevel;
  readonly severity: RuleFacts["severity"];
}

/** Returns the configuration of a policy by its name, where no engine has it. */
export type ConfigOf = (policy: string) => RuleConfig;

/**
 * Makes the policies that the engine gets: one per rule, so that each can be configured by its name, between the two
 * policies of the pack itself.
 */
export function toPolicies(rules: readonly Rule[]): Policies {
  const session = new Session(rules);
  return [
    toPackPolicy(session),
    ...rules.map((rule) =>
      rule.scope === "resource" ? toResourcePolicy(rule, session) : toStackPolicy(rule, session),
    ),
    toWaiversPolicy(session),
  ];
}

/** Makes the policy that takes the settings of the pack; it must run first. */
export function toPackPolicy(session: Session, configOf?: ConfigOf): ResourceValidationPolicy & StackValidationPolicy {
  const { validateResource, validateStack, ...rest } = packPolicy(session, configOf);
  return {
    ...metadata(packFacts),
    ...rest,
    validateResource,
    validateStack: (args, report) => validateStack(args, plain(packFacts, report)),
  };
}

/** Makes the policy that reports waivers without use; it must run last. */
export function toWaiversPolicy(session: Session): StackValidationPolicy {
  const { validateStack } = waiversPolicy(session);
  return {
    ...metadata(waiversFacts),
    validateStack: (args, report) => validateStack(args, plain(waiversFacts, report)),
  };
}

/** Makes the policy of a rule on one resource. */
export function toResourcePolicy(rule: ResourceRule, session: Session, configOf?: ConfigOf): ResourceValidationPolicy {
  const { remediate } = rule;
  const configure = (args: ResourceValidationArgs) => configOf?.(rule.name) ?? args.getConfig<RuleConfig>();
  return {
    ...metadata(rule),
    validateResource: (args, report) => {
      if (!rule.types.includes(canonicalType(args.type)) || !session.mayReport(rule)) return;
      const run = runOf(rule, args.urn, configure(args), say(rule, report, args.urn), session);
      run?.((context) => rule.check(new Resource(args as RawResource), context));
    },
    ...(remediate && {
      remediateResource: (args) => {
        if (!rule.types.includes(canonicalType(args.type))) return undefined;
        if (session.waiver(rule.name, new Resource(args as RawResource)) !== undefined) return undefined;
        let fixed: Record<string, any> | undefined;
        runOf(
          rule,
          args.urn,
          configure(args),
          () => {},
          session,
        )?.((context) => {
          fixed = remediate(args.props, context);
        });
        return fixed;
      },
    }),
  };
}

/** Makes the policy of a rule on the stack, which reads the resources for itself. */
export function toStackPolicy(rule: Rule, session: Session, configOf?: ConfigOf): StackValidationPolicy {
  return {
    ...metadata(rule),
    validateStack: (args, report) => {
      const stack = new Stack(args.resources as unknown as RawResource[]);
      const sayOf = (facts: RuleFacts) => say(facts, report, "");
      checkStack(rule, stack, configOf?.(rule.name) ?? args.getConfig<RuleConfig>(), sayOf, session);
    },
  };
}

/** Makes one policy of all rules on the stack, which reads the resources once instead of once per rule. */
export function toBundle(rules: readonly Rule[], session: Session, configOf: ConfigOf): StackValidationPolicy {
  return {
    name: "stack",
    description: "Every rule on the stack.",
    validateStack: (args, report) => {
      const stack = new Stack(args.resources as unknown as RawResource[]);
      const sayOf = (facts: RuleFacts): Say => {
        const violate = say(facts, report, "");
        return (urn, message, level = registeredLevel(facts), severity) => violate(urn, message, level, severity);
      };
      for (const rule of rules) checkStack(rule, stack, configOf(rule.name), sayOf, session);
    },
  };
}

/**
 * Runs a rule on a stack; each resource by itself, so that one unknown does not silence the rule for the others.
 * @param sayOf  returns what reports for a rule, whose severity the program decides
 */
export function checkStack(
  rule: Rule,
  stack: Stack,
  config: RuleConfig,
  sayOf: (facts: RuleFacts) => Say,
  session: Session,
): void {
  const facts: RuleFacts = isLow(rule, stack, config, session) ? { ...rule, severity: "low" } : rule;
  if (!session.mayReport(facts)) return;
  const report = sayOf(facts);
  if (rule.scope === "program") {
    runOf(
      facts,
      urnOfStack(stack.resources),
      config,
      report,
      session,
    )?.((context) => rule.check({ ...context, stack }));
    return;
  }
  for (const resource of stack.of(...rule.types)) {
    if (session.isRead(resource.urn)) continue;
    runOf(facts, resource.urn, config, report, session)?.((context) => rule.check(resource, { ...context, stack }));
  }
}

/**
 * Tells whether the program is not for what a rule is about, and no configuration says otherwise: by the class production, or
 * by a setting of the rule. A configured level says nothing, as the engine does not pass it on.
 */
function isLow(rule: RuleFacts, stack: Stack, config: RuleConfig, session: Session): boolean {
  if (!isConditional(rule) || classOf(config, session) === "production" || hasSettings(config)) return false;
  const { lowUnless, example } = rule;
  if (example !== undefined && isShown(example, stack)) return false;
  return lowUnless === undefined || !lowUnless.every((purpose) => hasPurpose(purpose, stack));
}

function say(rule: RuleFacts, report: ReportViolation, own: string): Say {
  // Declared for text only, but the evaluator takes an object, and only that can have a level.
  const violate = report as unknown as (violation: Violation) => void;
  return (urn, message, level, severity = rule.severity) =>
    violate({
      name: rule.name,
      message,
      urn: urn || own,
      severity,
      ...(level === undefined ? {} : { enforcementLevel: level }),
    });
}

/** As `say`, for code that reports text: the evaluator would put the description before it. */
function plain(facts: RuleFacts, report: ReportViolation): ReportViolation {
  const violate = say(facts, report, "");
  return (message, urn) => violate(urn ?? "", message);
}

function metadata(rule: RuleFacts) {
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

/** Returns the level in production; a weaker one is part of each violation. */
export function registeredLevel({ level }: RuleFacts): "advisory" | "mandatory" {
  return level === "advisory" ? "advisory" : "mandatory";
}
