import type { GraphIndex, PlannedResource } from "../../graph/model";
import { type Policy, readPolicy } from "../iam/policy";

/** A planned function that is invoked by its own ARN, by its name, or by that of an alias. */
export interface NamedFunction {
  readonly arn: string;
  /** ARN of the role that it runs as. */
  readonly role: string | undefined;
  /** Queue or topic for events that failed for good. */
  readonly deadLetterArn: string | undefined;
}

/** Finds a function by the ARN of one of its aliases, or its own. */
export function functionAt(index: GraphIndex, arn: string): NamedFunction | undefined {
  const functions = index.ofType("aws:lambda/function:Function");
  const alias = index.arn(arn)?.outputs["functionName"];
  const found = functions.find(({ outputs }) =>
    [outputs["arn"], outputs["name"]].some((each) => each === arn || (alias !== undefined && each === alias)),
  );
  const { arn: own, role, deadLetterConfig } = found?.outputs ?? {};
  return found && { arn: own, role, deadLetterArn: deadLetterConfig?.targetArn };
}

/** Returns the policy of a function or alias: what its planned permissions add up to. */
export function functionPolicy(index: GraphIndex, arn: string): Policy {
  const permissions = index.ofType("aws:lambda/permission:Permission").filter((each) => isOf(each, arn));
  const Statement = permissions.map(({ outputs }) => {
    const { principal, action, sourceArn, sourceAccount } = outputs;
    const conditions = {
      ...(sourceArn && { ArnLike: { "aws:SourceArn": sourceArn } }),
      ...(sourceAccount && { StringEquals: { "aws:SourceAccount": sourceAccount } }),
    };
    const Principal = String(principal).includes(".amazonaws.com") ? { Service: principal } : { AWS: principal };
    return {
      ...{ Effect: "Allow", Principal, Action: action, Resource: arn },
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    };
  });
  return readPolicy({ Version: "2012-10-17", Statement }, "resource");
}

/** A permission is for a function, or for one qualifier of it. */
function isOf({ outputs }: PlannedResource, arn: string): boolean {
  const [, name = arn, qualifier] = /:function:([^:]+)(?::([^:]+))?$/.exec(arn) ?? [];
  const [, itsName = String(outputs["function"]), itsQualifier = outputs["qualifier"]] =
    /(?:^|:function:)([^:]+)(?::([^:]+))?$/.exec(String(outputs["function"])) ?? [];
  return itsName === name && (itsQualifier ?? outputs["qualifier"] ?? undefined) === qualifier;
}
