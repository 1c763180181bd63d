import type { PlannedResource } from "../../graph/model";
import { oneOf } from "../unsupported";

/** Triggers of a user pool, by the name that `lambdaConfig` and Cognito's errors have for them. */
export const triggerNames = {
  preSignUp: "PreSignUp",
  postConfirmation: "PostConfirmation",
  preAuthentication: "PreAuthentication",
  postAuthentication: "PostAuthentication",
  customMessage: "CustomMessage",
  defineAuthChallenge: "DefineAuthChallenge",
  createAuthChallenge: "CreateAuthChallenge",
  verifyAuthChallengeResponse: "VerifyAuthChallengeResponse",
  userMigration: "UserMigration",
} as const;
/** Name of a trigger in `lambdaConfig`. */
export type TriggerName = keyof typeof triggerNames;

/** The trigger that changes tokens, with the version of its events. */
export interface PreTokenTrigger {
  readonly arn: string;
  readonly version: "1" | "2" | "3";
}

/** What passwords must have. */
export interface PasswordRules {
  readonly minimumLength: number;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly numbers: boolean;
  readonly symbols: boolean;
}

/** How a planned user pool treats its users. */
export interface PoolSettings {
  readonly passwords: PasswordRules;
  /** Attributes that are user names: `email`, `phone_number`. Cognito then generates the user name. */
  readonly usernameAttributes: readonly string[];
  /** Attributes that may be used to sign in instead of the user name, once they are verified. */
  readonly aliasAttributes: readonly string[];
  readonly caseSensitive: boolean;
  /** Attributes that get a code at sign-up. */
  readonly autoVerified: readonly string[];
  /** Attributes that keep their value until the new one is verified. */
  readonly verifiedBeforeUpdate: readonly string[];
  readonly administratorsOnly: boolean;
  readonly temporaryPasswordDays: number;
  readonly mfa: "OFF" | "ON" | "OPTIONAL";
  /** Attributes of the pool's own, with their prefix. @example "custom:tenantId" */
  readonly customAttributes: ReadonlySet<string>;
  /** Attributes by which a password is recovered, best first. */
  readonly recovery: readonly string[];
  /** ARN of the function by trigger. */
  readonly triggers: Readonly<Partial<Record<TriggerName, string>>>;
  readonly preToken: PreTokenTrigger | undefined;
  readonly messages: { readonly verification: MessageTexts; readonly invitation: MessageTexts };
}

/** Texts with `{####}` for the code, and `{username}` in an invitation. */
export interface MessageTexts {
  readonly subject: string;
  readonly email: string;
  readonly sms: string;
}

const versions = { V1_0: "1", V2_0: "2", V3_0: "3" } as const;

/** Reads how a planned user pool treats its users. @throws {UserError} on a trigger that does not run here */
export function readPoolSettings(pool: PlannedResource): PoolSettings {
  const { outputs } = pool;
  const lambda = outputs["lambdaConfig"] ?? {};
  for (const name of ["customEmailSender", "customSmsSender"])
    oneOf(pool, `lambdaConfig.${name}`, [undefined], lambda[name]);
  const option = outputs["verificationMessageTemplate"]?.defaultEmailOption;
  oneOf(pool, "verificationMessageTemplate.defaultEmailOption", [undefined, "CONFIRM_WITH_CODE"], option);
  const configured = lambda.preTokenGenerationConfig;
  if (configured) {
    const allowed = Object.keys(versions);
    oneOf(pool, "lambdaConfig.preTokenGenerationConfig.lambdaVersion", allowed, configured.lambdaVersion);
  }
  return settingsOf(outputs);
}

/** Returns the settings of a user pool, with Cognito's defaults for what is not planned. */
export function settingsOf(outputs: Readonly<Record<string, any>>): PoolSettings {
  const lambda = outputs["lambdaConfig"] ?? {};
  const policy = outputs["passwordPolicy"] ?? {};
  const names = Object.keys(triggerNames) as TriggerName[];
  const { preTokenGenerationConfig: config, preTokenGeneration: first } = lambda;
  const recovery: { name: string; priority: number }[] = outputs["accountRecoverySetting"]?.recoveryMechanisms ?? [];
  return {
    passwords: {
      minimumLength: policy.minimumLength ?? 8,
      lowercase: policy.requireLowercase ?? true,
      uppercase: policy.requireUppercase ?? true,
      numbers: policy.requireNumbers ?? true,
      symbols: policy.requireSymbols ?? true,
    },
    usernameAttributes: outputs["usernameAttributes"] ?? [],
    aliasAttributes: outputs["aliasAttributes"] ?? [],
    caseSensitive: outputs["usernameConfiguration"]?.caseSensitive === true,
    autoVerified: outputs["autoVerifiedAttributes"] ?? [],
    verifiedBeforeUpdate: outputs["userAttributeUpdateSettings"]?.attributesRequireVerificationBeforeUpdates ?? [],
    administratorsOnly: outputs["adminCreateUserConfig"]?.allowAdminCreateUserOnly === true,
    temporaryPasswordDays: policy.temporaryPasswordValidityDays ?? 7,
    mfa: outputs["mfaConfiguration"] ?? "OFF",
    customAttributes: new Set((outputs["schemas"] ?? []).map(({ name }: { name: string }) => `custom:${name}`)),
    recovery:
      recovery.length === 0
        ? ["verified_phone_number", "verified_email"]
        : [...recovery].sort((a, b) => a.priority - b.priority).map(({ name }) => name),
    triggers: Object.fromEntries(names.flatMap((name) => (lambda[name] ? [[name, lambda[name]]] : []))),
    preToken:
      config || first
        ? {
            arn: config?.lambdaArn ?? first,
            version: versions[(config?.lambdaVersion ?? "V1_0") as keyof typeof versions],
          }
        : undefined,
    messages: {
      verification: textsOf(outputs["verificationMessageTemplate"], {
        subject: "Your verification code",
        email: "Your confirmation code is {####}",
        sms: "Your confirmation code is {####}",
      }),
      invitation: textsOf(outputs["adminCreateUserConfig"]?.inviteMessageTemplate, {
        subject: "Your temporary password",
        email: "Your username is {username} and temporary password is {####}",
        sms: "Your username is {username} and temporary password is {####}",
      }),
    },
  };
}

function textsOf(planned: Readonly<Record<string, string>> | undefined, otherwise: MessageTexts): MessageTexts {
  return {
    subject: planned?.["emailSubject"] ?? otherwise.subject,
    email: planned?.["emailMessage"] ?? otherwise.email,
    sms: planned?.["smsMessage"] ?? otherwise.sms,
  };
}
