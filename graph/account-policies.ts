import { join } from "node:path";
import account from "../account";
import { capture } from "./capture/capture";
import type { Graph } from "./model";
import { readProject } from "./project";
import { projectRoot } from "./project-root";

const roleType = "aws:iam/role:Role";
const policyType = "aws:iam/policy:Policy";

/**
 * Returns a plan with the permissions boundaries that its roles have and that the `account/` project makes, so that the local
 * platform can limit the roles as AWS does. A plan whose roles have no such boundary is returned as it is.
 * @param root  folder of Pulumi.yaml
 */
export async function withAccountPolicies(graph: Graph, root: string = projectRoot): Promise<Graph> {
  const { resources } = graph;
  const planned = new Set(resources.filter(({ type }) => type === policyType).map(({ outputs }) => outputs["arn"]));
  const boundaries = resources.flatMap(({ type, outputs }) =>
    type === roleType ? outputs["permissionsBoundary"] : [],
  );
  const missing = new Set(boundaries.filter((arn) => arn !== undefined && !planned.has(arn)));
  if (missing.size === 0) return graph;
  const { project, config } = readProject(join(root, "account"), "account");
  const { resources: ofAccount } = await capture(account, { project, stack: "account", config });
  const found = ofAccount.filter(({ type, outputs }) => type === policyType && missing.has(outputs["arn"]));
  return { ...graph, resources: [...resources, ...found].sort((a, b) => (a.urn < b.urn ? -1 : 1)) };
}
