import type * as dynamodb from "@pulumi/aws/dynamodb";
import { allow } from "../../security/iam";
import { type Groups, grantsVariable } from "./grants";
import type { Trigger, Triggers } from "./trigger";

/** What decides which triggers a user pool has. */
export interface TriggersOfArgs {
  /** @default none: everyone who signs in may have every scope */
  readonly groups?: Groups | undefined;
  /** Table of the members of tenants. @default none: tokens have no tenant */
  readonly members?: Pick<dynamodb.Table, "name" | "arn"> | undefined;
}

/** Returns the triggers that a configuration needs, each with the variables and permissions that it uses and no others. */
export function triggersOf(args: TriggersOfArgs): Triggers {
  const preTokenGeneration = preToken(args);
  return { ...(preTokenGeneration && { preTokenGeneration }) };
}

function preToken({ groups, members }: TriggersOfArgs): Trigger | undefined {
  if (groups === undefined && members === undefined) return undefined;
  return {
    description: "Writes into access tokens what a person may do",
    variables: {
      ...(groups && { GRANTS: grantsVariable(groups) }),
      ...(members && { MEMBERS_TABLE: members.name }),
    },
    statements: members ? [allow(["dynamodb:GetItem"], members.arn)] : [],
  };
}
