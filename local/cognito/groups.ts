import type { GraphIndex } from "../../graph/model";

/** A planned group of a user pool. */
export interface UserGroup {
  readonly name: string;
  /** Lower numbers come first; unset comes last. */
  readonly precedence: number | undefined;
  readonly roleArn: string | undefined;
  /** User names or e-mail addresses of planned members. */
  readonly members: readonly string[];
}

/** Reads the groups of a user pool with their planned members. */
export function readGroups(index: GraphIndex, userPoolId: string): readonly UserGroup[] {
  const memberships = index.where("aws:cognito/userInGroup:UserInGroup", { userPoolId });
  return index.where("aws:cognito/userGroup:UserGroup", { userPoolId }).map(({ outputs }) => ({
    name: outputs["name"],
    precedence: outputs["precedence"],
    roleArn: outputs["roleArn"],
    members: memberships
      .filter((each) => each.outputs["groupName"] === outputs["name"])
      .map((each) => each.outputs["username"]),
  }));
}

/**
 * Returns the claims that a user's groups give: `cognito:groups` in both tokens, and the roles in the ID token. The role
 * of the group with the lowest precedence is preferred; none is when two such groups have different roles.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
 */
export function groupClaims(groups: readonly UserGroup[], token: "access" | "id"): Readonly<Record<string, unknown>> {
  if (groups.length === 0) return {};
  const names = { "cognito:groups": groups.map(({ name }) => name) };
  const withRole = groups.filter(({ roleArn }) => roleArn !== undefined);
  if (token === "access" || withRole.length === 0) return names;
  const rank = ({ precedence = Number.POSITIVE_INFINITY }: UserGroup) => precedence;
  const lowest = Math.min(...withRole.map(rank));
  const preferred = new Set(withRole.filter((group) => rank(group) === lowest).map(({ roleArn }) => roleArn));
  return {
    ...names,
    "cognito:roles": withRole.map(({ roleArn }) => roleArn),
    ...(preferred.size === 1 && { "cognito:preferred_role": [...preferred][0] }),
  };
}
