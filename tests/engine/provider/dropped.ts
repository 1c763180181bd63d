import { kindOf, type Properties } from "./values";

/**
 * Blocks that terraform-provider-aws leaves out of its request when they are empty, by type. AWS never hears of them, so
 * the next refresh finds none and the next update makes a difference. An empty block of any other type is meant, such as
 * `allow: {}` of a web ACL's rule, and stays. A row is added with the issue or the source that shows the loss.
 */
const droppedWhenEmpty: Readonly<Record<string, readonly string[]>> = {
  // https://github.com/hashicorp/terraform-provider-aws/issues/44285
  "aws:servicediscovery/service:Service": ["healthCheckCustomConfig"],
};

/** Returns what the cloud gets and keeps of a resource's inputs. */
export function received(type: string, inputs: Properties): Properties {
  const lost = (droppedWhenEmpty[type] ?? []).filter((key) => isEmpty(inputs[key]));
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !lost.includes(key)));
}

function isEmpty(value: unknown): boolean {
  return kindOf(value) === "object" && Object.keys(value as object).length === 0;
}
