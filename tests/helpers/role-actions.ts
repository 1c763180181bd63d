import type { Graph, PlannedResource } from "../../graph/model";

const policyType = "aws:iam/rolePolicy:RolePolicy";

/** An action of a planned role on some resources. */
export interface RoleAction {
  /** Logical name of the role. */
  readonly role: string;
  /** AWS services that may assume the role. */
  readonly trusts: readonly string[];
  readonly action: string;
  readonly resource: string;
}

/** Returns what the policies of the planned roles allow: a row for each role, action and resource. */
export function roleActions({ resources }: Graph): RoleAction[] {
  const roles = new Map(
    resources.filter(({ type }) => type === "aws:iam/role:Role").map((role) => [role.outputs["name"], role]),
  );
  return resources.filter(({ type }) => type === policyType).flatMap((policy) => actionsOf(policy, roles));
}

function actionsOf({ outputs }: PlannedResource, roles: ReadonlyMap<unknown, PlannedResource>): RoleAction[] {
  const role = roles.get(outputs["role"])!;
  const { Statement: trust } = JSON.parse(role.outputs["assumeRolePolicy"]);
  const trusts = trust.flatMap(({ Principal }: any) => Principal.Service ?? []);
  return JSON.parse(outputs["policy"]).Statement.flatMap(({ Effect, Action, Resource }: any) =>
    Effect === "Allow"
      ? [Action]
          .flat()
          .flatMap((action) => [Resource].flat().map((resource) => ({ role: role.name, trusts, action, resource })))
      : [],
  );
}

/**
 * Returns a plan in which a role may not do something that it may do in the given one.
 * @param role  end of its logical name
 * @param on  form of the resources that it is taken away on
 * @throws {Error} when the role may not do it as it is
 */
export function withoutAction(graph: Graph, role: string, action: string, on: RegExp = /./): Graph {
  const found = graph.resources.find(({ type, name }) => type === "aws:iam/role:Role" && name.endsWith(role));
  let taken = 0;
  const resources = graph.resources.map((each) => {
    if (each.type !== policyType || each.outputs["role"] !== found?.outputs["name"]) return each;
    const document = JSON.parse(each.outputs["policy"]);
    const statements = document.Statement.flatMap((statement: any) => {
      const actions: string[] = [statement.Action].flat();
      const concerned = [statement.Resource].flat().some((resource: string) => on.test(resource));
      if (!actions.includes(action) || !concerned) return [statement];
      taken += 1;
      const left = actions.filter((one) => one !== action);
      return left.length === 0 ? [] : [{ ...statement, Action: left }];
    });
    const policy = JSON.stringify({ ...document, Statement: statements });
    return { ...each, inputs: { ...each.inputs, policy }, outputs: { ...each.outputs, policy } };
  });
  if (taken === 0) throw new Error(`no policy of a role that ends with "${role}" allows ${action}`);
  return { ...graph, resources };
}
