import { join } from "node:path";
import program from "../../../account";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import { readProject } from "../../../graph/project";
import { projectRoot } from "../../../graph/project-root";

const files = () => readProject(join(projectRoot, "account"), "account");

/** The example's configuration, parsed; a copy of its own. */
export function exampleConfig(): any {
  const entries = Object.entries(files().config).map(([key, value]) => [key.split(":")[1], JSON.parse(value)]);
  return Object.fromEntries(entries);
}

/** The account as the example configures it, or with a change. */
export async function planAccount(change: (config: any) => void = () => {}): Promise<GraphIndex> {
  const config = exampleConfig();
  change(config);
  const texts = Object.entries(config).map(([key, value]) => [`platform-account:${key}`, JSON.stringify(value)]);
  const { project } = files();
  return new GraphIndex(await capture(program, { project, stack: "account", config: Object.fromEntries(texts) }));
}

/** Inputs of the only resource of a type. */
export const only = (plan: GraphIndex, type: string): Record<string, any> => plan.one(type, {}).inputs;

/** Statements of every policy that is attached to the deploy role. */
export function deployStatements(plan: GraphIndex): any[] {
  const role = plan.ofType("aws:iam/role:Role").find(({ name }) => name.endsWith("-deploy-role"))!;
  return plan
    .where("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: role.outputs["name"] })
    .flatMap(({ inputs }) => JSON.parse(plan.arn(inputs["policyArn"])!.inputs["policy"]).Statement);
}

/** Statements of the policy that bounds the roles of environments. */
export function boundaryOf(plan: GraphIndex): any[] {
  return JSON.parse(plan.one("aws:iam/policy:Policy", { name: "platform-boundary" }).inputs["policy"]).Statement;
}
