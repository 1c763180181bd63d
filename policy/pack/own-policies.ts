import type { PolicyConfigSchema, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { type RawResource, urnOfStack } from "../stack/resource";
import { canonicalType } from "../stack/types";
import type { RuleFacts } from "./rule";
import { type Session, subjectOf } from "./session";
import { settingsSchema, type Waiver } from "./settings";

/** Facts of the policy that takes the settings of the pack. Its configuration is the pack's. */
export const packFacts: RuleFacts = {
  name: "pack",
  description: "The settings of the pack are valid.",
  rationale: "A waiver or a selection that is not valid does not apply.",
  fix: "fix the entry in the pack's configuration",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
};

/** Facts of the policy that reports waivers which are not needed or no longer apply. */
export const waiversFacts: RuleFacts = {
  name: "waivers",
  description: "Every waiver and every known finding covers a finding, and no waiver has expired.",
  rationale: "A waiver that covers nothing today covers the next mistake on that resource.",
  fix: "remove the entry, or give the waiver a later day after a review",
  severity: "medium",
  level: "advisory",
  ids: {},
  url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
};

/**
 * The policy that runs before all others: gives the settings of the pack and each registered resource to the session,
 * and reports what is wrong with the settings.
 * @param configOf  configuration where no engine has it
 */
export function packPolicy(session: Session, configOf?: (name: string) => object) {
  const configure = (args: { getConfig<T extends object>(): T }) =>
    session.configure(configOf?.(packFacts.name) ?? args.getConfig());
  return {
    configSchema: settingsSchema as unknown as PolicyConfigSchema,
    validateResource: (args: ResourceValidationArgs) => {
      configure(args);
      session.register(args.urn);
    },
    validateStack: (args: StackValidationArgs, report: ReportViolation) => {
      configure(args);
      for (const problem of session.problems) report(problem, urnOfStack(args.resources));
    },
  };
}

/** The policy that runs after all others: reports waivers and known findings that covered nothing, and expired ones. */
export function waiversPolicy(session: Session) {
  return {
    validateStack: (args: StackValidationArgs, report: ReportViolation) => {
      const stack = (args.resources as unknown as RawResource[]).map(({ urn, name, type }) => ({
        urn,
        name,
        type: canonicalType(type),
      }));
      const place = (waiver: Waiver) => placeOf(waiver, stack);
      const fix = waiversFacts.fix;
      for (const one of session.expiredWaivers()) {
        report(`${describe(one)} must not have expired, got expires "${one.expires}"; ${fix}`, place(one));
      }
      for (const one of session.unusedWaivers(stack)) {
        report(`${describe(one)} must cover a finding, got none; ${fix}`, place(one));
      }
      for (const { rule, urn } of session.fixedFindings(stack)) {
        const { type, name } = subjectOf(urn);
        report(
          `The baseline's entry for rule "${rule}" on ${type} "${name}" must cover a finding, got none; ${fix}`,
          urn,
        );
      }
    },
  };
}

function describe({ rule, urn, type, name }: Waiver): string {
  const subject = urn === undefined ? { type, name } : subjectOf(urn);
  return `The waiver of rule "${rule}" on ${subject.type} "${subject.name}"`;
}

/** The resource of a waiver, if the stack has it, else the stack itself. */
function placeOf({ urn, type, name }: Waiver, stack: readonly { urn: string; type: string; name: string }[]): string {
  const found = stack.find((one) => (urn === undefined ? one.type === type && one.name === name : one.urn === urn));
  return found?.urn ?? urnOfStack(stack);
}
