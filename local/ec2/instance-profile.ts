import type { GraphIndex } from "../../graph/model";
import type { RoleUse } from "../workload-credentials";

/**
 * Returns the role of a planned instance profile.
 * @param profile  name or ARN
 * @returns undefined without a profile, and for one that is not planned
 */
export function roleOfProfile(index: GraphIndex, profile: string | undefined): RoleUse | undefined {
  const found = index
    .ofType("aws:iam/instanceProfile:InstanceProfile")
    .find(({ outputs }) => outputs["arn"] === profile || outputs["name"] === profile);
  const [role] = found ? index.where("aws:iam/role:Role", { name: found.outputs["role"] }) : [];
  return role && { roleArn: role.outputs["arn"], by: "instance" };
}
