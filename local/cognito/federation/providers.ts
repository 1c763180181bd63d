import type { GraphIndex } from "../../../graph/model";

/** A planned external identity provider of a user pool. */
export interface ExternalProvider {
  readonly poolId: string;
  /** @example "Company" */
  readonly name: string;
  /** As planned: OIDC, SAML, Google, SignInWithApple, LoginWithAmazon or Facebook. */
  readonly type: string;
  /** Other names by which an authorization request may ask for it. */
  readonly identifiers: readonly string[];
  readonly clientId: string;
  /** Scopes that are asked of it. */
  readonly scopes: readonly string[];
  /** Attribute of the user pool -> claim of the provider. */
  readonly mapping: Readonly<Record<string, string>>;
}

/** Reads the external providers of every planned user pool. */
export function readProviders(index: GraphIndex): readonly ExternalProvider[] {
  return index.ofType("aws:cognito/identityProvider:IdentityProvider").map(({ outputs }) => {
    const details: Readonly<Record<string, string>> = outputs["providerDetails"] ?? {};
    const scopes = (details["authorize_scopes"] ?? "openid").split(/[\s,]+/).filter((scope) => scope !== "");
    return {
      poolId: outputs["userPoolId"],
      name: outputs["providerName"],
      type: outputs["providerType"],
      identifiers: outputs["idpIdentifiers"] ?? [],
      clientId: details["client_id"] ?? outputs["providerName"],
      scopes: [...new Set(["openid", ...scopes])],
      mapping: outputs["attributeMapping"] ?? {},
    };
  });
}

/**
 * Returns the attributes that a user has from a provider.
 * @param claims  of the provider's ID token and user info
 * @param writable  what the client may write. @default everything
 * @throws {MappingRefused} on a mapped attribute that the client may not write: Cognito then signs no one in
 */
export function mappedAttributes(
  { mapping }: Pick<ExternalProvider, "mapping">,
  claims: Readonly<Record<string, unknown>>,
  writable: readonly string[] | undefined,
): Readonly<Record<string, string>> {
  const mapped = Object.entries(mapping).filter(([name, claim]) => name !== "username" && claims[claim] !== undefined);
  const refused = mapped.find(([name]) => !name.endsWith("_verified") && !(writable?.includes(name) ?? true));
  if (refused) throw new MappingRefused(`user.${refused[0]}: Attribute cannot be updated.`);
  return Object.fromEntries(mapped.map(([name, claim]) => [name, String(claims[claim]).slice(0, 2_048)]));
}

/** A mapped attribute that the client may not write. */
export class MappingRefused extends Error {
  override readonly name = "MappingRefused";
}
