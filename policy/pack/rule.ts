import type { Example } from "../network/examples";
import type { Purpose } from "../network/intent";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import type { EnvironmentClass } from "./settings";

/** Severities of what rules find, the least first. */
export const severities = ["low", "medium", "high", "critical"] as const;
/** Severity of what a rule finds. */
export type Severity = (typeof severities)[number];

/** Catalogues that rules have ids in. */
export const frameworks = ["securityHub", "cdkNag", "checkov", "availability"] as const;
/** A catalogue that rules have ids in. */
export type Framework = (typeof frameworks)[number];

/** `production`: mandatory where the environment's class is production, advisory elsewhere. */
export type RuleLevel = "mandatory" | "production" | "advisory";

/** Ids of the same requirement in catalogues that people know, written as those catalogues write them. */
export interface CatalogueIds {
  /** AWS Foundational Security Best Practices, as Security Hub shows them: `ELB.4`. */
  readonly securityHub?: readonly string[];
  /** cdk-nag: `AwsSolutions-ELB2`, `EC2IMDSv2Enabled`. */
  readonly cdkNag?: readonly string[];
  /** checkov: `CKV_AWS_28`, `CKV2_AWS_20`. */
  readonly checkov?: readonly string[];
  /** This pack's own catalogue of availability, from 1. */
  readonly availability?: number;
}

/** A value that configuration can set for a rule. */
export interface Setting {
  readonly type: "integer" | "number" | "string" | "boolean" | "array" | "object";
  readonly description: string;
  readonly default: unknown;
  /** Default where the environment's class is development, if that differs. */
  readonly development?: unknown;
  /** Default where no class is set, if that differs: what the program alone cannot ask for. */
  readonly withoutClass?: unknown;
}

/** What people and the engine are told about a rule. */
export interface RuleFacts {
  /** Kebab-case, unique in the pack. */
  readonly name: string;
  /** What is true of a resource that passes; one sentence. */
  readonly description: string;
  /** What goes wrong otherwise; one sentence. */
  readonly rationale: string;
  /** What to change; the end of every message that names no fix of its own: `... got none; set idleTimeout to 60`. */
  readonly fix: string;
  readonly severity: Severity;
  readonly level: RuleLevel;
  readonly ids: CatalogueIds;
  /** @default the page of the first Security Hub id */
  readonly url?: string;
  readonly settings?: Readonly<Record<string, Setting>>;
  /**
   * What a program must be for, so that its owner would act on the finding. Elsewhere a finding is advice of severity
   * low, unless the environment's class is set to production or the rule has settings. Only rules that see the program
   * can have it.
   */
  readonly lowUnless?: readonly Purpose[];
  /**
   * What shows by itself that the owner wants what the rule asks for, such as another resource that has it. Without it, and
   * without what `lowUnless` names, a finding is low as well.
   */
  readonly example?: Example;
}

/** What a rule gets to judge with. */
export interface Context {
  readonly environment: EnvironmentClass;
  /** Returns the configured value of a setting, else its default. */
  setting<T>(name: string): T;
  /**
   * @param what  completes `<AWS service> <kind> "<name>" ...`: what must be true, and what was got
   * @param fix  what to change on this resource: the property and its value. Without it, the fix of the rule
   */
  report(resource: Resource, what: string, fix?: string): void;
  /**
   * As `report` where the environment's class is configured, or the rule has settings. Elsewhere the finding is advice of
   * severity low: it is true, and a program alone does not show that its owner would act on it.
   */
  advise(resource: Resource, what: string, fix?: string): void;
  /** Tells whether the program only reads a resource; nothing is reported on it. */
  isRead(resource: Resource): boolean;
}

/** What a rule gets that looks at more than one resource. */
export interface StackContext extends Context {
  readonly stack: Stack;
}

/** Judges one resource by its own inputs. */
export interface ResourceRule extends RuleFacts {
  readonly scope: "resource";
  readonly lowUnless?: never;
  readonly example?: never;
  /** Canonical type tokens. */
  readonly types: readonly string[];
  check(resource: Resource, context: Context): void;
  /**
   * Fixes what is safe to fix, in place: a copy would read every input, and fail at the first unknown one.
   * @returns undefined when nothing is to do
   */
  remediate?(props: Record<string, any>, context: Omit<Context, "report">): Record<string, any> | undefined;
}

/** Judges one resource by what it is connected to. */
export interface StackRule extends RuleFacts {
  readonly scope: "stack";
  readonly types: readonly string[];
  check(resource: Resource, context: StackContext): void;
}

/** Judges the program as a whole. */
export interface ProgramRule extends RuleFacts {
  readonly scope: "program";
  check(context: StackContext): void;
}

/** A rule of the pack. */
export type Rule = ResourceRule | StackRule | ProgramRule;
