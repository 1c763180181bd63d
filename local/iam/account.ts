import type { GraphIndex } from "../../graph/model";

/** Returns the account that a plan is made for, as its ARNs say. */
export function accountOf(index: GraphIndex): string {
  for (const { outputs } of index.graph.resources) {
    const [, account] = /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):/.exec(String(outputs["arn"] ?? "")) ?? [];
    if (account !== undefined) return account;
  }
  return "";
}
