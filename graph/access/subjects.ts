/** Whether a token or a signature is what it seems; all but `valid` are refused where something is demanded. */
export type CredentialState = "valid" | "expired" | "too early" | "forged" | "another issuer" | "another client";

/** The tenant of a token: none, one with a key of a usage plan, or one whose key is off. */
export type TenantState = "none" | "active" | "suspended";

/** A role that requests are signed as. */
export interface SigningRole {
  readonly arn: string;
  readonly name: string;
  /** VPC endpoint of its own, of one from another account or VPC. @default the region's own endpoint */
  readonly endpointId?: string;
}

/** Someone who asks a gateway for a route. */
export type Subject =
  /** Sends no credentials. */
  | { readonly kind: "guest" }
  | {
      readonly kind: "token";
      readonly use: "access" | "identity";
      readonly scopes: readonly string[];
      readonly tenant: TenantState;
      readonly state: CredentialState;
    }
  /** Signs requests with the keys of a planned role. */
  | ({ readonly kind: "role"; readonly state: CredentialState } & SigningRole)
  /** Signs requests with the keys of a user of the account whose own policy allows everything. */
  | { readonly kind: "administrator"; readonly arn: string; readonly state: CredentialState };

const tokenStates: readonly CredentialState[] = [
  ...(["valid", "expired", "too early", "forged", "another issuer", "another client"] as const),
];
const signatureStates: readonly CredentialState[] = ["valid", "expired", "too early", "forged"];

/** Returns the short name of a subject, in words. */
export function nameOf(subject: Subject): string {
  switch (subject.kind) {
    case "guest":
      return "no credentials";
    case "administrator":
      return "administrator of the account";
    case "role":
      return subject.name;
    case "token": {
      const { use, scopes } = subject;
      return scopes.length === 0 ? `${use} token` : `${use} token with ${scopes.join(", ")}`;
    }
  }
}

/** What the subjects of a plan differ in. */
export interface SubjectSource {
  /** Scopes that routes demand. */
  readonly scopes: readonly string[];
  /** Whether tokens name tenants. */
  readonly tenants: boolean;
  /** Roles that code of the platform runs as, and those outside that a private API names. */
  readonly roles: readonly SigningRole[];
  readonly account: string;
}

/** Returns every subject: all kinds of credentials, in all states, with no scope, each scope and all scopes. */
export function subjectsOf({ scopes, tenants, roles, account }: SubjectSource): readonly Subject[] {
  const scopeLists = [[], ...scopes.map((scope) => [scope]), ...(scopes.length > 1 ? [scopes] : [])];
  const tenantStates: readonly TenantState[] = tenants ? ["none", "active", "suspended"] : ["none"];
  const administrator = `arn:aws:iam::${account}:user/administrator`;
  return [
    { kind: "guest" },
    ...tokenStates.flatMap((state) => [
      { kind: "token" as const, use: "identity" as const, scopes: [], tenant: "none" as const, state },
      ...scopeLists.flatMap((list) =>
        tenantStates.map((tenant) => ({ kind: "token", use: "access", scopes: list, tenant, state }) as const),
      ),
    ]),
    ...signatureStates.flatMap((state) => [
      ...roles.map((role) => ({ kind: "role", ...role, state }) as const),
      { kind: "administrator" as const, arn: administrator, state },
    ]),
  ];
}
