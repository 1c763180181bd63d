import type * as pulumi from "@pulumi/pulumi";
import { allow } from "../../security/iam";
import type { SignUpSettings } from "../settings";
import { type Groups, grantsVariable } from "./grants";
import type { Trigger, Triggers } from "./trigger";

/** The user pool of the other region, between which and this one people are copied. */
export interface OtherPool {
  readonly region: string;
  /**
   * Prefix of its sign-in page, by which the triggers find its id: each pool is made after its functions, so that none of
   * them can be told the id of the other pool.
   */
  readonly domainPrefix: string;
  /** Id of the other pool's machine client, which this pool's stands for. @default this pool's stands for itself */
  readonly machineId?: pulumi.Input<string> | undefined;
}

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
  readonly members?: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> } | undefined;
  /** @default none: data is keyed by `sub` */
  readonly other?: OtherPool | undefined;
  /** Identity of SES that sends codes, and its address. @default none, where no codes are sent */
  readonly sender?: { readonly identityArn: pulumi.Input<string>; readonly from: string } | undefined;
}

/** Returns the triggers that a configuration needs, each with the variables and permissions that it uses and no others. */
export function triggersOf(args: TriggersOfArgs): Triggers {
  const { signUp, product } = args;
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
    ...postAuthentication(args),
    ...(product && {
      customMessage: { description: "Writes the messages to people", variables: { PRODUCT: product } },
    }),
    ...postConfirmation(args),
    ...codeByMail(args),
    ...preToken(args),
  };
}

function preToken({ groups, members, other }: TriggersOfArgs): Triggers {
  if (groups === undefined && members === undefined && other === undefined) return {};
  const copies = copyPermissions(other);
  const statements = [...(members ? [allow(["dynamodb:GetItem"], members.arn)] : []), ...(copies.statements ?? [])];
  const trigger: Trigger = {
    description: "Writes into access tokens what a person may do",
    variables: {
      ...(groups && { GRANTS: grantsVariable(groups) }),
      ...(members && { MEMBERS_TABLE: members.name }),
      ...(other && { SUBJECTS: "each region" }),
      ...(other?.machineId && { MACHINE_ID: other.machineId }),
      ...copyVariables(other),
    },
    ...copies,
    ...(statements.length > 0 && { statements }),
  };
  return { preTokenGeneration: trigger };
}

function postAuthentication({ recordSignIns, other }: TriggersOfArgs): Triggers {
  if (!recordSignIns && other === undefined) return {};
  const what = [recordSignIns ? "Records who signs in" : "", other ? "copies them to the other region" : ""];
  const description = what.filter((each) => each !== "").join(", ");
  const trigger: Trigger = {
    description: description.charAt(0).toUpperCase() + description.slice(1),
    variables: { ...(recordSignIns && { RECORD_SIGN_INS: "true" }), ...copyVariables(other) },
    ...copyPermissions(other),
  };
  return { postAuthentication: trigger };
}

function postConfirmation({ signUp, members, other }: TriggersOfArgs): Triggers {
  const { group, tenants } = signUp;
  const joins = tenants && members;
  if (group === undefined && !joins && other === undefined) return {};
  const copies = copyPermissions(other);
  const own = [...(group ? ["cognito-idp:AdminAddUserToGroup"] : []), ...(copies.poolActions ?? [])];
  const statements = [
    ...(joins ? [allow(["dynamodb:GetItem", "dynamodb:PutItem"], members.arn)] : []),
    ...(copies.statements ?? []),
  ];
  const trigger: Trigger = {
    description: "Puts new people into their group and tenant",
    variables: {
      ...(group && { NEW_PEOPLE: group }),
      ...(joins && { MEMBERS_TABLE: members.name, TENANTS: JSON.stringify(tenants) }),
      ...copyVariables(other),
    },
    ...copies,
    ...(statements.length > 0 && { statements }),
    ...(own.length > 0 && { poolActions: own }),
  };
  return { postConfirmation: trigger };
}

/** What tells a trigger where people are copied to. */
function copyVariables(other: OtherPool | undefined): Record<string, string> {
  return other ? { COPY_REGION: other.region, COPY_DOMAIN: other.domainPrefix } : {};
}

/** What a trigger may do that copies people: see apps/identity-triggers/copy.ts. */
function copyPermissions(
  other: OtherPool | undefined,
): Pick<Trigger, "statements" | "poolActions" | "otherPoolActions"> {
  if (other === undefined) return {};
  return {
    // A domain has no ARN.
    statements: [allow(["cognito-idp:DescribeUserPoolDomain"], "*")],
    poolActions: ["cognito-idp:AdminListGroupsForUser", "cognito-idp:AdminUpdateUserAttributes"],
    otherPoolActions: [
      "cognito-idp:AdminAddUserToGroup",
      "cognito-idp:AdminCreateUser",
      "cognito-idp:AdminDeleteUser",
      "cognito-idp:AdminGetUser",
      "cognito-idp:AdminSetUserPassword",
      "cognito-idp:AdminUpdateUserAttributes",
    ],
  };
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
