import * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
import type { IdentityOutputs } from "../contract/layer-outputs";
import type { Sender } from "./mail-identity";
import { peopleClientInputs } from "./people-client";
import { createProviders, type ProviderSettings } from "./providers";
import {
  clientLifetimes,
  copySchema,
  type FactorSettings,
  factorInputs,
  passwordInputs,
  type SignUpSettings,
  subjectSchema,
  type TokenLifetimes,
  tenantSchema,
} from "./settings";
import { type PhoneSettings, TextMessages } from "./text-messages";
import type { Groups } from "./triggers/grants";

/** Arguments of `Identity`. */
export interface IdentityArgs extends FactorSettings {
  readonly region: string;
  /** Scopes of every service, `<service>/<scope>`. @example ["food-store/write"] */
  readonly scopes: readonly string[];
  readonly tokens: TokenLifetimes;
  /** Whether there is one pool, or one in each region. */
  readonly regions: "primary" | "each";
  /** Prefix of the hosted sign-in page; unique in the AWS region. */
  readonly domainPrefix: string;
  /** URLs that the sign-in page may return to. @example ["https://app.example.com/signed-in"] */
  readonly callbackUrls: readonly string[];
  /** URLs that the sign-out page may return to. @example ["https://app.example.com/"] */
  readonly logoutUrls: readonly string[];
  /** Whether the user pool is protected from deletion. */
  readonly protection: boolean;
  /** Groups of people; the pre-token trigger knows which scopes each grants. @default none */
  readonly groups?: Groups | undefined;
  readonly signUp: SignUpSettings;
  /** Name of the environment, which the names of the providers' secrets have. */
  readonly environment: string;
  readonly providers: ProviderSettings;
  /** URLs of a native application that the sign-in page may return to. @default no client for one */
  readonly nativeCallbackUrls: readonly string[];
  /** Identity of SES that sends messages, and its address. @default Cognito's own sender */
  readonly sender?: Sender | undefined;
  /** How phone numbers are verified. @default not at all */
  readonly phone?: PhoneSettings | undefined;
  /** Id of the AWS account, and the topic of alarms, for text messages. */
  readonly account: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Which functions the pool asks, see `TriggerFunctions`. @default none */
  readonly lambdaConfig?: cognito.UserPoolArgs["lambdaConfig"];
}

/**
 * The Cognito user pool, in the primary region: sign-up, sign-in and tokens. Other regions verify its tokens by their
 * signature and do not call it for each request.
 */
export class Identity extends pulumi.ComponentResource implements IdentityOutputs {
  readonly userPoolId: pulumi.Output<string>;
  readonly userPoolArn: pulumi.Output<string>;
  readonly issuer: pulumi.Output<string>;
  readonly clientIds: pulumi.Output<string>[];
  /** Id of the client of software that signs in as itself. */
  readonly machineId: pulumi.Output<string>;
  readonly signInUrl: pulumi.Output<string>;

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:Identity", name, {}, opts);
    const pool = this.createPool(name, args);
    this.createGroups(name, args, pool);
    const servers = this.createResourceServers(name, args, pool);
    const { environment, providers } = args;
    const external = createProviders(name, { environment, providers, userPoolId: pool.id }, { parent: this });
    const people = peopleClientInputs(args, pool.id, external);
    const web = this.createWebClient(name, args, people, servers);
    const service = this.createMachineClient(name, args, pool, servers);
    const native =
      args.nativeCallbackUrls.length > 0 ? this.createNativeClient(name, args, people, servers) : undefined;
    const domain = this.createDomain(name, args, pool);
    this.createBranding(`${name}-branding`, pool, web);
    if (native) this.createBranding(`${name}-native-branding`, pool, native);
    this.userPoolId = pool.id;
    this.userPoolArn = pool.arn;
    this.issuer = pulumi.interpolate`https://${pool.endpoint}`;
    this.machineId = service.id;
    this.clientIds = [web.id, service.id, ...(native ? [native.id] : [])];
    this.signInUrl = pulumi.interpolate`https://${domain.domain}.auth.${args.region}.amazoncognito.com`;
    this.registerOutputs({ userPoolId: this.userPoolId, issuer: this.issuer });
  }

  private createPool(name: string, args: IdentityArgs): cognito.UserPool {
    return new cognito.UserPool(
      `${name}-pool`,
      {
        userPoolTier: "ESSENTIALS",
        // Fixed at creation. People do not mind the case of an address that they type.
        usernameAttributes: ["email"],
        usernameConfiguration: { caseSensitive: false },
        autoVerifiedAttributes: ["email"],
        userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        ...factorInputs(args),
        ...passwordInputs(args),
        emailConfiguration:
          args.sender === undefined
            ? { emailSendingAccount: "COGNITO_DEFAULT" }
            : {
                emailSendingAccount: "DEVELOPER",
                sourceArn: args.sender.identityArn,
                fromEmailAddress: args.sender.from,
              },
        ...this.smsInputs(name, args),
        schemas: [tenantSchema, subjectSchema, copySchema],
        adminCreateUserConfig: { allowAdminCreateUserOnly: !args.signUp.open },
        ...(args.lambdaConfig === undefined ? {} : { lambdaConfig: args.lambdaConfig }),
        deletionProtection: args.protection ? "ACTIVE" : "INACTIVE",
      },
      // Cognito refuses to change or remove an attribute, and fills in what is left out here, so a difference must not
      // lead to an update or a replacement. To add an attribute later, add it by hand first, then here.
      { parent: this, protect: args.protection, ignoreChanges: ["schemas"] },
    );
  }

  private smsInputs(name: string, { phone, region, account, alarmTopicArn }: IdentityArgs) {
    if (phone === undefined) return {};
    const args = { ...phone, region, account, alarmTopicArn };
    return { smsConfiguration: new TextMessages(`${name}-texts`, args, { parent: this }).configuration };
  }

  private createGroups(name: string, { groups = {} }: IdentityArgs, pool: cognito.UserPool): void {
    for (const [group, { scopes }] of Object.entries(groups)) {
      new cognito.UserGroup(
        `${name}-group-${group}`,
        {
          userPoolId: pool.id,
          name: group,
          description: `May have ${scopes.join(", ") || "no scope"}`.slice(0, 2_048),
        },
        { parent: this },
      );
    }
  }

  private createResourceServers(name: string, args: IdentityArgs, pool: cognito.UserPool): cognito.ResourceServer[] {
    const services = [...new Set(args.scopes.map((scope) => scope.split("/")[0]!))];
    return services.map(
      (service) =>
        new cognito.ResourceServer(
          `${name}-${service}`,
          {
            userPoolId: pool.id,
            identifier: service,
            name: service,
            scopes: args.scopes
              .filter((scope) => scope.startsWith(`${service}/`))
              .map((scope) => ({
                scopeName: scope.split("/")[1]!,
                scopeDescription: `${scope.split("/")[1]} in ${service}`,
              })),
          },
          { parent: this },
        ),
    );
  }

  /** Makes the client of people who sign in with a browser. */
  private createWebClient(
    name: string,
    args: IdentityArgs,
    people: cognito.UserPoolClientArgs,
    servers: cognito.ResourceServer[],
  ): cognito.UserPoolClient {
    return new cognito.UserPoolClient(
      `${name}-web`,
      { ...people, callbackUrls: [...args.callbackUrls], logoutUrls: [...args.logoutUrls] },
      { parent: this, dependsOn: servers },
    );
  }

  /**
   * Makes the client of people who sign in with a native application, which is returned to by a scheme of its own. Another
   * application may claim the same scheme, so that PKCE is what keeps the code from it.
   */
  private createNativeClient(
    name: string,
    args: IdentityArgs,
    people: cognito.UserPoolClientArgs,
    servers: cognito.ResourceServer[],
  ): cognito.UserPoolClient {
    const urls = [...args.nativeCallbackUrls];
    return new cognito.UserPoolClient(
      `${name}-native`,
      { ...people, callbackUrls: urls, logoutUrls: urls },
      { parent: this, dependsOn: servers },
    );
  }

  /** Makes the client of software that signs in as itself: client credentials. */
  private createMachineClient(
    name: string,
    args: IdentityArgs,
    pool: cognito.UserPool,
    servers: cognito.ResourceServer[],
  ): cognito.UserPoolClient {
    return new cognito.UserPoolClient(
      `${name}-service`,
      {
        userPoolId: pool.id,
        generateSecret: true,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthScopes: [...args.scopes],
        supportedIdentityProviders: ["COGNITO"],
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
        enableTokenRevocation: true,
        preventUserExistenceErrors: "ENABLED",
        readAttributes: ["email"],
        writeAttributes: ["email"],
        ...clientLifetimes(args.tokens),
      },
      { parent: this, dependsOn: servers },
    );
  }

  private createDomain(name: string, args: IdentityArgs, pool: cognito.UserPool): cognito.UserPoolDomain {
    return new cognito.UserPoolDomain(
      `${name}-domain`,
      { userPoolId: pool.id, domain: args.domainPrefix, managedLoginVersion: 2 },
      { parent: this },
    );
  }

  /** Makes the style of the sign-in page; without one the page answers that it is not available. */
  private createBranding(
    name: string,
    pool: cognito.UserPool,
    client: cognito.UserPoolClient,
  ): cognito.ManagedLoginBranding {
    return new cognito.ManagedLoginBranding(
      name,
      { userPoolId: pool.id, clientId: client.id, useCognitoProvidedValues: true },
      { parent: this },
    );
  }
}
