import * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
import type { IdentityOutputs } from "../contract/layer-outputs";
import { clientLifetimes, type TokenLifetimes, tenantSchema } from "./settings";

export interface IdentityArgs {
  readonly region: string;
  /** Scopes of every service, `<service>/<scope>`. */
  readonly scopes: readonly string[];
  readonly tokens: TokenLifetimes;
  /** Prefix of the hosted sign-in page; unique in the AWS region. */
  readonly domainPrefix: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  readonly protection: boolean;
}

/**
 * Sign-up, sign-in and tokens: one Cognito user pool, in the primary region. Other regions verify its tokens by
 * their signature and never call it per request.
 */
export class Identity extends pulumi.ComponentResource implements IdentityOutputs {
  readonly userPoolId: pulumi.Output<string>;
  readonly issuer: pulumi.Output<string>;
  readonly clientIds: pulumi.Output<string>[];
  readonly signInUrl: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: IdentityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:identity:Identity", name, {}, opts);
    const pool = this.createPool();
    const servers = this.createResourceServers(pool);
    const web = this.createWebClient(pool, servers);
    const service = this.createServiceClient(pool, servers);
    const domain = this.createDomain(pool);
    this.createBranding(pool, web);
    this.userPoolId = pool.id;
    this.issuer = pulumi.interpolate`https://${pool.endpoint}`;
    this.clientIds = [web.id, service.id];
    this.signInUrl = pulumi.interpolate`https://${domain.domain}.auth.${args.region}.amazoncognito.com`;
    this.registerOutputs({ userPoolId: this.userPoolId, issuer: this.issuer });
  }

  private createPool(): cognito.UserPool {
    return new cognito.UserPool(
      `${this.name}-pool`,
      {
        userPoolTier: "ESSENTIALS",
        // Fixed at creation; case matters to nobody who types an address.
        usernameAttributes: ["email"],
        usernameConfiguration: { caseSensitive: false },
        autoVerifiedAttributes: ["email"],
        userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        mfaConfiguration: "OPTIONAL",
        softwareTokenMfaConfiguration: { enabled: true },
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          temporaryPasswordValidityDays: 3,
        },
        schemas: [tenantSchema],
        deletionProtection: this.args.protection ? "ACTIVE" : "INACTIVE",
      },
      // Cognito refuses to change or remove an attribute, and fills in what is left out here: no difference may become a
      // step, whatever a provider makes of it. An attribute that is added later is added by hand, then here.
      { parent: this, protect: this.args.protection, ignoreChanges: ["schemas"] },
    );
  }

  private createResourceServers(pool: cognito.UserPool): cognito.ResourceServer[] {
    const services = [...new Set(this.args.scopes.map((scope) => scope.split("/")[0]!))];
    return services.map(
      (service) =>
        new cognito.ResourceServer(
          `${this.name}-${service}`,
          {
            userPoolId: pool.id,
            identifier: service,
            name: service,
            scopes: this.args.scopes
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

  /** People, in a browser: authorization code with PKCE, no secret. */
  private createWebClient(pool: cognito.UserPool, servers: cognito.ResourceServer[]): cognito.UserPoolClient {
    return new cognito.UserPoolClient(
      `${this.name}-web`,
      {
        userPoolId: pool.id,
        generateSecret: false,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email", "profile", ...this.args.scopes],
        supportedIdentityProviders: ["COGNITO"],
        callbackUrls: [...this.args.callbackUrls],
        logoutUrls: [...this.args.logoutUrls],
        // Rotation replaces the refresh flow, which Cognito refuses beside it.
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 10 },
        enableTokenRevocation: true,
        preventUserExistenceErrors: "ENABLED",
        // Left out, every attribute is writable, the tenant included.
        readAttributes: ["email", "email_verified", "name", "custom:tenantId"],
        writeAttributes: ["email", "name"],
        ...clientLifetimes(this.args.tokens),
      },
      { parent: this, dependsOn: servers },
    );
  }

  /** Programs: client credentials. */
  private createServiceClient(pool: cognito.UserPool, servers: cognito.ResourceServer[]): cognito.UserPoolClient {
    return new cognito.UserPoolClient(
      `${this.name}-service`,
      {
        userPoolId: pool.id,
        generateSecret: true,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthScopes: [...this.args.scopes],
        supportedIdentityProviders: ["COGNITO"],
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
        enableTokenRevocation: true,
        preventUserExistenceErrors: "ENABLED",
        readAttributes: ["email"],
        writeAttributes: ["email"],
        ...clientLifetimes(this.args.tokens),
      },
      { parent: this, dependsOn: servers },
    );
  }

  private createDomain(pool: cognito.UserPool): cognito.UserPoolDomain {
    return new cognito.UserPoolDomain(
      `${this.name}-domain`,
      { userPoolId: pool.id, domain: this.args.domainPrefix, managedLoginVersion: 2 },
      { parent: this },
    );
  }

  /** Without a style the sign-in page answers that it is not available. */
  private createBranding(pool: cognito.UserPool, web: cognito.UserPoolClient): cognito.ManagedLoginBranding {
    return new cognito.ManagedLoginBranding(
      `${this.name}-branding`,
      { userPoolId: pool.id, clientId: web.id, useCognitoProvidedValues: true },
      { parent: this },
    );
  }
}
