import * as pulumi from "@pulumi/pulumi";
import type { Condition } from "./iam";

/** One statement of the policy of a resource, in IAM's own form: it says whose requests it is about. */
export interface ResourceStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: "*" | Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Condition;
}

/** Returns the statements as the JSON of the policy of a resource. */
export function resourcePolicy(statements: readonly ResourceStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Returns the statement that refuses requests without TLS. @param action  those of the resource's AWS service. @example "sqs:*" */
export function tlsOnly(action: string, resource: ResourceStatement["Resource"]): ResourceStatement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/**
 * Returns the policy of a key: the account administers it and lets its roles use it by their own policies, and others use it
 * as the statements say.
 */
export function keyPolicy(
  account: pulumi.Input<string>,
  statements: readonly Omit<ResourceStatement, "Resource">[],
): pulumi.Output<string> {
  return resourcePolicy([
    {
      Sid: "Administration",
      Effect: "Allow",
      Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    // In the policy of a key, the resource is the key.
    ...statements.map((each) => ({ ...each, Resource: "*" })),
  ]);
}
