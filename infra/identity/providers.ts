import * as cognito from "@pulumi/aws/cognito";
import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { secretName } from "../naming/secret-name";

/** What every external provider has. */
interface AnyProvider {
  /** Claim of the provider by attribute of the pool, in addition to those of its kind. @default none */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** Providers with which people may sign in, instead of a password of the pool. */
export interface ProviderSettings {
  /** By the name that clients ask for. @default none */
  readonly oidc?:
    | Readonly<
        Record<
          string,
          AnyProvider & { readonly issuer: string; readonly clientId: string; readonly scopes: readonly string[] }
        >
      >
    | undefined;
  readonly saml?: Readonly<Record<string, AnyProvider & { readonly metadataUrl: string }>> | undefined;
  readonly google?: (AnyProvider & { readonly clientId: string }) | undefined;
  readonly amazon?: (AnyProvider & { readonly clientId: string }) | undefined;
  readonly apple?: (AnyProvider & AppleKey) | undefined;
}

interface AppleKey {
  /** The services id of the application at Apple. */
  readonly clientId: string;
  readonly teamId: string;
  readonly keyId: string;
}

/** A provider as Cognito takes it. */
export interface PlannedProvider {
  readonly name: string;
  readonly type: "OIDC" | "SAML" | "Google" | "SignInWithApple" | "LoginWithAmazon";
  readonly details: Readonly<Record<string, string>>;
  readonly mapping: Readonly<Record<string, string>>;
  /** Key of the details that the secret has. @default the provider has none */
  readonly secret?: "client_secret" | "private_key";
  /** Details that AWS adds or never gives back, so that they would differ at every update. */
  readonly unread?: readonly string[];
}

const claims = { email: "email", username: "sub" };
const samlEmail = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

/**
 * Returns the providers as Cognito takes them. What AWS would add by itself is written out, so that the next update changes
 * nothing. No provider is mapped to a tenant or a group: those are the platform's to give.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
 */
export function plannedProviders({ oidc = {}, saml = {}, google, amazon, apple }: ProviderSettings): PlannedProvider[] {
  const fixed = { attributes_url_add_attributes: "false", token_request_method: "POST" };
  return [
    ...Object.entries(oidc).map(
      ([name, { issuer, clientId, scopes, attributes }]): PlannedProvider => ({
        name,
        type: "OIDC",
        details: {
          client_id: clientId,
          oidc_issuer: issuer,
          authorize_scopes: scopes.join(" "),
          attributes_request_method: "GET",
        },
        mapping: { ...claims, email_verified: "email_verified", name: "name", ...attributes },
        secret: "client_secret",
        // Found by Cognito in the issuer's own document.
        unread: ["attributes_url", "attributes_url_add_attributes", "authorize_url", "jwks_uri", "token_url"],
      }),
    ),
    ...Object.entries(saml).map(
      ([name, { metadataUrl, attributes }]): PlannedProvider => ({
        name,
        type: "SAML",
        details: { MetadataURL: metadataUrl, IDPSignout: "true", EncryptedResponses: "false" },
        mapping: { email: samlEmail, ...attributes },
        unread: ["ActiveEncryptionCertificate", "SLORedirectBindingURI", "SSORedirectBindingURI"],
      }),
    ),
    ...(google
      ? [
          {
            name: "Google",
            type: "Google",
            details: {
              client_id: google.clientId,
              authorize_scopes: "openid email profile",
              attributes_url: "https://people.googleapis.com/v1/people/me?personFields=",
              attributes_url_add_attributes: "true",
              authorize_url: "https://accounts.google.com/o/oauth2/v2/auth",
              oidc_issuer: "https://accounts.google.com",
              token_request_method: "POST",
              token_url: "https://www.googleapis.com/oauth2/v4/token",
            },
            mapping: { ...claims, email_verified: "email_verified", name: "name", ...google.attributes },
            secret: "client_secret",
          } as const,
        ]
      : []),
    ...(apple
      ? [
          {
            name: "SignInWithApple",
            type: "SignInWithApple",
            details: {
              ...{ client_id: apple.clientId, team_id: apple.teamId, key_id: apple.keyId, ...fixed },
              authorize_scopes: "email name",
              authorize_url: "https://appleid.apple.com/auth/authorize",
              oidc_issuer: "https://appleid.apple.com",
              token_url: "https://appleid.apple.com/auth/token",
            },
            mapping: { ...claims, email_verified: "email_verified", ...apple.attributes },
            secret: "private_key",
            unread: ["private_key"],
          } as const,
        ]
      : []),
    ...(amazon
      ? [
          {
            name: "LoginWithAmazon",
            type: "LoginWithAmazon",
            details: {
              ...{ client_id: amazon.clientId, authorize_scopes: "profile", ...fixed },
              attributes_url: "https://api.amazon.com/user/profile",
              authorize_url: "https://www.amazon.com/ap/oa",
              token_url: "https://api.amazon.com/auth/o2/token",
            },
            mapping: { email: "email", username: "user_id", name: "name", ...amazon.attributes },
            secret: "client_secret",
          } as const,
        ]
      : []),
  ];
}

/** Returns the name of the parameter that has a provider's secret. @example "/platform/prod/sign-in/GOOGLE_SECRET" */
export function providerSecretName(environment: string, provider: string): string {
  const secret = `${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_SECRET`;
  return secretName({ environment, service: "sign-in", secret });
}

/**
 * Makes the external providers of a user pool. Their secrets are read from the Parameter Store at each deployment and are
 * encrypted in the state of the stack; no file of the project and no plan has them.
 * @returns the names by which clients support them
 */
export function createProviders(
  name: string,
  args: {
    readonly environment: string;
    readonly providers: ProviderSettings;
    readonly userPoolId: pulumi.Input<string>;
  },
  opts: { readonly parent: pulumi.Resource },
): pulumi.Output<string>[] {
  return plannedProviders(args.providers).map((provider) => {
    const { secret, unread = [] } = provider;
    const value = secret && secretOf(providerSecretName(args.environment, provider.name), opts);
    return new cognito.IdentityProvider(
      `${name}-provider-${provider.name.toLowerCase()}`,
      {
        userPoolId: args.userPoolId,
        providerName: provider.name,
        providerType: provider.type,
        providerDetails: { ...provider.details, ...(secret && value && { [secret]: value }) },
        attributeMapping: { ...provider.mapping },
      },
      { ...opts, ignoreChanges: unread.map((key) => `providerDetails.${key}`) },
    ).providerName;
  });
}

function secretOf(parameter: string, opts: { readonly parent: pulumi.Resource }): pulumi.Output<string> {
  const { value } = ssm.getParameterOutput({ name: parameter, withDecryption: true }, opts);
  return pulumi.secret(value);
}
