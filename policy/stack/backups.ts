import { block, blocks, flatTexts, number, text } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { peek, UNKNOWN } from "./unknown";

const plan = "aws:backup/plan:Plan";
const selection = "aws:backup/selection:Selection";

/**
 * Tells whether a plan of AWS Backup keeps a resource's backups for a number of days: one of its selections names the
 * resource, all of them, or one of its tags. A value that is not known yet does not count against the program.
 */
export function isInBackupPlan(resource: Resource, days: number, stack: Stack): boolean {
  return stack.of(selection).some((one) => {
    const isSelected = peek(() => names(one, resource, stack) || selectsByTag(one, resource));
    if (isSelected === false) return false;
    const plans = stack.targets(one, "planId", plan);
    return plans.length === 0 || plans.some((each) => peek(() => keepsFor(each, days)) !== false);
  });
}

function names(one: Resource, resource: Resource, stack: Stack): boolean {
  const arns = peek(() => flatTexts(one.props["resources"]));
  if (arns !== UNKNOWN && arns.some((arn) => arn === "*")) return true;
  return stack.targets(one, "resources", resource.type).includes(resource);
}

function selectsByTag(one: Resource, { props }: Resource): boolean {
  const tags = block(props["tagsAll"] ?? props["tags"]);
  return blocks(one.props["selectionTags"]).some(({ key, value }) => text(tags[text(key)]) === text(value));
}

/** A rule without an end keeps its backups for ever. */
function keepsFor(one: Resource, days: number): boolean {
  return blocks(one.props["rules"]).some((rule) => {
    const kept = number(block(rule["lifecycle"])["deleteAfter"]);
    return kept === undefined || kept >= days;
  });
}
