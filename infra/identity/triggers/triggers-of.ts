import type * as dynamodb from "@pulumi/aws/dynamodb";
import type * as pulumi from "@pulumi/pulumi";
import { allow } from "../../security/iam";
import type { SignUpSettings } from "../settings";
import { type Groups, grantsVariable } from "./grants";
import type { Trigger, Triggers } from "./trigger";

/** What decides which triggers a user pool has. */
export interface TriggersOfArgs {
  /** @default none: everyone who signs in may have every scope */
  readonly groups?: Groups | undefined;
  readonly signUp: SignUpSettings;
  /** Name of the product in messages. @default Cognito's own texts */
  readonly product?: string | undefined;
  readonly codeByMail: boolean;
  readonly recordSignIns: boolean;
  /** Table of the members of tenants. @default none: tokens have no tenant */
  readonly members?: Pick<dynamodb.Table, "name" | "arn"> | undefined;
  /** Identity of SES that sends codes, and its address. @default none, where no codes are sent */
  readonly sender?: { readonly identityArn: pulumi.Input<string>; readonly from: string } | undefined;
}

/** Returns the triggers that a configuration needs, each with the variables and permissions that it uses and no others. */
export function triggersOf(args: TriggersOfArgs): Triggers {
  const { signUp, product, recordSignIns } = args;
  const domains = signUp.domains.length > 0 ? { DOMAINS: JSON.stringify(signUp.domains) } : undefined;
  return {
    ...((domains || signUp.disposable === "refused") && {
      preSignUp: {
        description: "Says whose addresses may sign up",
        variables: { ...domains, DISPOSABLE: signUp.disposable },
      },
    }),
    ...(domains && {
      preAuthentication: { description: "Says whose addresses may sign in", variables: domains },
    }),
    ...(recordSignIns && { postAuthentication: { description: "Records who signs in", variables: {} } }),
    ...(product && {
      customMessage: { description: "Writes the messages to people", variables: { PRODUCT: product } },
    }),
    ...postConfirmation(args),
    ...codeByMail(args),
    ...preToken(args),
  };
}

function preToken({ groups, members }: TriggersOfArgs): Triggers {
  if (groups === undefined && members === undefined) return {};
  const trigger: Trigger = {
    description: "Writes into access tokens what a person may do",
    variables: {
      ...(groups && { GRANTS: grantsVariable(groups) }),
      ...(members && { MEMBERS_TABLE: members.name }),
    },
    ...(members && { statements: [allow(["dynamodb:GetItem"], members.arn)] }),
  };
  return { preTokenGeneration: trigger };
}

function postConfirmation({ signUp, members }: TriggersOfArgs): Triggers {
  const { group, tenants } = signUp;
  const joins = tenants && members;
  if (group === undefined && !joins) return {};
  const trigger: Trigger = {
    description: "Puts new people into their group and tenant",
    variables: {
      ...(group && { NEW_PEOPLE: group }),
      ...(joins && { MEMBERS_TABLE: members.name, TENANTS: JSON.stringify(tenants) }),
    },
    ...(joins && { statements: [allow(["dynamodb:GetItem", "dynamodb:PutItem"], members.arn)] }),
    ...(group && { poolActions: ["cognito-idp:AdminAddUserToGroup"] }),
  };
  return { postConfirmation: trigger };
}

/** Sign-in by a code by mail: one trigger defines what is asked, one sends the code, one compares the answer. */
function codeByMail(args: TriggersOfArgs): Triggers {
  const { sender, product } = args;
  if (!args.codeByMail || sender === undefined || product === undefined) return {};
  const { from, identityArn } = sender;
  return {
    defineAuthChallenge: { description: "Asks for a code by mail", variables: {} },
    createAuthChallenge: {
      description: "Sends a code by mail",
      variables: { FROM_ADDRESS: from, PRODUCT: product },
      statements: [allow(["ses:SendEmail"], identityArn, { StringEquals: { "ses:FromAddress": from } })],
    },
    verifyAuthChallengeResponse: { description: "Compares an answer with the code by mail", variables: {} },
  };
}
