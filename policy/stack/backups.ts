import { matches } from "./iam";
import { block, blocks, flatTexts, list, number, text } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { peek } from "./unknown";

const plan = "aws:backup/plan:Plan";
const selection = "aws:backup/selection:Selection";

/**
 * Tells whether a plan of AWS Backup keeps a resource's backups for a number of days: one of its selections has the
 * resource. A value that is not known yet does not count against the program.
 */
export function isInBackupPlan(resource: Resource, days: number, stack: Stack): boolean {
  return stack.of(selection).some((one) => {
    if (peek(() => selects(one, resource, stack)) === false) return false;
    const plans = stack.targets(one, "planId", plan);
    return plans.length === 0 || plans.some((each) => peek(() => keepsFor(each, days)) !== false);
  });
}

/**
 * Tells whether a selection has a resource: it is on the list, and has one of the tags. Without a list every resource is,
 * and without tags no tag is asked for. What conditions leave out is not read: with them the selection does not count.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
 */
function selects(one: Resource, resource: Resource, stack: Stack): boolean {
  if (blocks(one.props["conditions"]).length > 0 || names(one, "notResources", resource, stack)) return false;
  const isListed = list(one.props["resources"]).length === 0 || names(one, "resources", resource, stack);
  const tags = blocks(one.props["selectionTags"]);
  return isListed && (tags.length === 0 || hasTag(resource, tags));
}

/** Tells whether a list of ARNs and of patterns of ARNs has a resource. */
function names(one: Resource, path: string, resource: Resource, stack: Stack): boolean {
  if (stack.targets(one, path, resource.type).includes(resource)) return true;
  const patterns = flatTexts(one.props[path]);
  const arn = text(peek(() => resource.props["arn"]));
  return patterns.some((pattern) => pattern === "*" || (arn !== "" && matches(pattern, arn)));
}

function hasTag({ props }: Resource, wanted: readonly Record<string, any>[]): boolean {
  const tags = block(props["tagsAll"] ?? props["tags"]);
  return wanted.some(({ key, value }) => {
    const own = tags[text(key)];
    return own !== undefined && text(own) === text(value);
  });
}

/** A rule without an end keeps its backups for ever. */
function keepsFor(one: Resource, days: number): boolean {
  return blocks(one.props["rules"]).some((rule) => {
    const kept = number(block(rule["lifecycle"])["deleteAfter"]);
    return kept === undefined || kept >= days;
  });
}
