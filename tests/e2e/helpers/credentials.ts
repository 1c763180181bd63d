import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import type { CredentialState, Subject } from "../../../graph/access/subjects";
import type { PlatformAccess } from "../../../local/access";
import { signIn } from "../../../local/cognito/sign-in";
import type { SigningKeys } from "../../../local/cognito/tokens";
import { operatorKeys } from "../../../local/iam/access";
import { rolesOf } from "../../../local/iam/planned-roles";
import type { RunningPlatform } from "../../../local/platform";
import { RoleSessions, type SessionKeys } from "../../../local/sts/role-sessions";
import { sign } from "../../local/iam/sigv4/signer";

/** A request that is about to be sent. */
export interface Outgoing {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

type Token = Extract<Subject, { kind: "token" }>;
type Signer = Extract<Subject, { kind: "role" | "administrator" }>;
type Keys = Pick<SessionKeys, "accessKeyId" | "secretAccessKey"> & { readonly sessionToken?: string };

/** A token as the platform issued it, to be changed and signed again. */
interface Template {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly kid: string;
  readonly key: KeyObject;
}

const day = 86_400_000;

/** Credentials of everyone in the table of access, for a platform that runs in this process. */
export class Credentials {
  private readonly tokens = new Map<string, Promise<string>>();
  private readonly keys = new Map<string, Keys>();
  private readonly stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
  private readonly sessions: Readonly<Record<"now" | "yesterday", RoleSessions>>;

  private constructor(
    platform: RunningPlatform,
    private readonly templates: Readonly<Record<"access" | "identity", Template>>,
  ) {
    // The platform gives its sessions to servers and functions only.
    const { inStore } = (platform as unknown as { readonly access: PlatformAccess }).access;
    const [roles, key] = [rolesOf(inStore.roles), Buffer.from(inStore.key, "base64")];
    const at = (now: () => number) => new RoleSessions(roles, key, now);
    this.sessions = { now: at(Date.now), yesterday: at(() => Date.now() - day) };
  }

  static async of(platform: RunningPlatform, keys: SigningKeys): Promise<Credentials> {
    const { accessToken, idToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
    const template = (token: string, key: KeyObject) => ({
      ...{ claims: decodeJwt(token), kid: String(decodeProtectedHeader(token).kid), key },
    });
    return new Credentials(platform, {
      access: template(accessToken, keys.access),
      identity: template(idToken, keys.id),
    });
  }

  /** Returns the headers by which a subject says who it is. */
  async headers(subject: Subject, to: Outgoing): Promise<Record<string, string>> {
    switch (subject.kind) {
      case "guest":
        return {};
      case "token":
        return { authorization: `Bearer ${await this.token(subject)}` };
      default:
        return this.signature(subject, to);
    }
  }

  private token(token: Token): Promise<string> {
    const id = JSON.stringify(token);
    const known = this.tokens.get(id) ?? this.mint(token);
    this.tokens.set(id, known);
    return known;
  }

  private mint({ use, scopes, tenant, state }: Token): Promise<string> {
    const { claims, kid, key } = this.templates[use];
    const client = use === "access" ? "client_id" : "aud";
    const all = {
      ...claims,
      ...(use === "access" && { scope: ["openid", ...scopes].join(" ") }),
      ...(tenant !== "none" && { tenant_id: tenant, tier: "premium" }),
      ...times(state),
      ...(state === "another issuer" && { iss: "https://issuer.example.com" }),
      ...(state === "another client" && { [client]: "anotherclient" }),
    };
    const signer = state === "forged" ? this.stranger : key;
    return new SignJWT(all).setProtectedHeader({ kid, alg: "RS256" }).sign(signer);
  }

  private async signature(signer: Signer, { origin, method, path, body }: Outgoing): Promise<Record<string, string>> {
    const minutesOff = signer.state === "too early" ? 10 : signer.kind === "administrator" && expired(signer) ? -10 : 0;
    const at = new Date(Date.now() + minutesOff * 60_000);
    const unsigned = { method, path, headers: { host: new URL(origin).host }, ...(body !== undefined && { body }) };
    const { rawHeaders } = await sign(unsigned, { ...this.keysOf(signer), at });
    const pairs = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]!] as const] : []));
    return Object.fromEntries(pairs);
  }

  private keysOf(signer: Signer): Keys {
    const id = `${signer.arn} ${signer.state}`;
    const sessions = this.sessions[expired(signer) ? "yesterday" : "now"];
    const known = this.keys.get(id);
    const own: Keys = known ?? (signer.kind === "role" ? sessions.open(signer.arn) : { ...operatorKeys });
    this.keys.set(id, own);
    // The signer has a token of its own unless it is told that there is none.
    const keys = { sessionToken: "", ...own };
    return signer.state === "forged" ? { ...keys, secretAccessKey: "another" } : keys;
  }
}

function expired({ state }: { readonly state: CredentialState }): boolean {
  return state === "expired";
}

function times(state: CredentialState): Readonly<Record<string, number>> {
  const now = Math.floor(Date.now() / 1_000);
  if (state === "expired") return { iat: now - 3_600, exp: now - 60 };
  const early = state === "too early" && { nbf: now + 1_800 };
  return { iat: now - 10, exp: now + 3_600, ...early };
}
