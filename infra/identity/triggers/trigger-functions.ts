import type * as cognito from "@pulumi/aws/cognito";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { PlatformFunction, type PlatformFunctionArgs } from "../../functions/platform-function";
import { allow, policyDocument } from "../../security/iam";
import { kebabCase, type Trigger, type TriggerName, type Triggers } from "./trigger";

/** Arguments of `TriggerFunctions`. */
export interface TriggerFunctionsArgs
  extends Pick<PlatformFunctionArgs, "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"> {
  readonly triggers: Triggers;
}

/**
 * The functions that a user pool asks while people sign up and in: one for each trigger, with a role, a log, an alarm and
 * an alias of its own. All are built from one app, `apps/identity-triggers`, which says of each what happens to signing in
 * when it fails.
 */
export class TriggerFunctions extends pulumi.ComponentResource {
  /** What the pool is told: which function it asks for what. */
  readonly lambdaConfig: NonNullable<cognito.UserPoolArgs["lambdaConfig"]>;
  private readonly functions: readonly (readonly [TriggerName, Trigger, PlatformFunction])[];

  constructor(
    private readonly name: string,
    args: TriggerFunctionsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:identity:TriggerFunctions", name, {}, opts);
    this.functions = Object.entries(args.triggers).map(([key, trigger]) => {
      const name = key as TriggerName;
      return [name, trigger, this.createFunction(name, trigger, args)] as const;
    });
    this.lambdaConfig = Object.fromEntries(this.functions.map(([key, , { aliasArn }]) => lambdaKey(key, aliasArn)));
    this.registerOutputs({});
  }

  /**
   * Makes the permissions that let one user pool, and nothing else, invoke the functions, and what they may do with it. The
   * pool is made after the functions that it names, so that a function cannot wait for this: in the first moments of a new
   * pool it would be refused.
   */
  permit(userPoolArn: pulumi.Input<string>, otherPoolArn?: pulumi.Input<string>): void {
    for (const [key, { poolActions, otherPoolActions }, each] of this.functions) {
      const name = `${this.name}-${kebabCase(key)}`;
      each.permit(name, { awsService: "cognito-idp.amazonaws.com", sourceArn: userPoolArn });
      const statements = [
        ...(poolActions === undefined ? [] : [allow(poolActions, userPoolArn)]),
        ...(otherPoolActions === undefined || otherPoolArn === undefined
          ? []
          : [allow(otherPoolActions, otherPoolArn)]),
      ];
      if (statements.length === 0) continue;
      new iam.RolePolicy(
        `${name}-pool-policy`,
        { role: each.roleName, policy: policyDocument(statements) },
        { parent: this },
      );
    }
  }

  private createFunction(
    trigger: TriggerName,
    { description, variables, statements = [] }: Trigger,
    { account, artifact, logRetentionDays, alarmTopicArn }: TriggerFunctionsArgs,
  ): PlatformFunction {
    return new PlatformFunction(
      `${this.name}-${kebabCase(trigger)}`,
      {
        ...{ description, account, artifact, logRetentionDays, alarmTopicArn, variables, statements },
        handler: `handler.${trigger}`,
        memory: 512,
        // Cognito waits for 5 s, and asks twice more.
        timeoutSeconds: 4,
      },
      { parent: this },
    );
  }
}

/** Returns a trigger's entry of `lambdaConfig`. */
function lambdaKey(trigger: TriggerName, lambdaArn: pulumi.Input<string>): [string, unknown] {
  // Version 3 also runs for machine clients. Where the older key has an ARN too, Cognito wants both to be the same.
  if (trigger === "preTokenGeneration") return ["preTokenGenerationConfig", { lambdaArn, lambdaVersion: "V3_0" }];
  return [trigger, lambdaArn];
}
