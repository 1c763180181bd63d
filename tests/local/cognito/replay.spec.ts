import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { AppClient } from "../../../local/cognito/clients";
import { Grants } from "../../../local/cognito/grants";
import { OAuthError } from "../../../local/cognito/oauth";
import { settingsOf } from "../../../local/cognito/pool-settings";
import { RefreshTokens } from "../../../local/cognito/refresh-tokens";
import { TokenSigner } from "../../../local/cognito/tokens";
import { userOf } from "../../../local/cognito/users";

const redirectUri = "https://app.example.com/signed-in";
const client: AppClient = {
  id: "web",
  name: "web",
  pool: {
    id: "pool",
    issuer: "https://issuer.example.com",
    signInByEmail: true,
    groups: [],
    name: "people",
    region: "eu-west-1",
    arn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/pool",
    settings: settingsOf({}),
  },
  secret: "s",
  flows: ["code"],
  scopes: ["openid"],
  callbackUrls: [redirectUri],
  logoutUrls: [],
  readAttributes: undefined,
  writeAttributes: undefined,
  authFlows: [],
  hidesUsers: true,
  challengeSeconds: 180,
  providers: ["COGNITO"],
  plannedAccessSeconds: 300,
  accessSeconds: 300,
  idSeconds: 300,
  refreshSeconds: 3_600,
  rotationGraceSeconds: undefined,
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

describe("a code that is used again", () => {
  let grants: Grants;
  let given: RefreshTokens;
  let now: number;
  beforeEach(() => {
    now = 1_700_000_000_000;
    const signer = new TokenSigner(
      { id: privateKey, access: privateKey },
      () => now,
      () => Promise.reject(new Error("no functions")),
    );
    given = new RefreshTokens(signer);
    grants = new Grants(new Map([[client.id, client]]), signer, given);
  });

  const sign = () => {
    const signedIn = { user: userOf(client.pool, "ada"), authTime: now / 1_000 };
    return grants.issueCode(client, { redirect_uri: redirectUri }, signedIn);
  };
  const exchange = (form: Record<string, string>) => grants.exchange(form, ["web", "s"]) as Promise<any>;
  const redeem = (code: string) => exchange({ grant_type: "authorization_code", code, redirect_uri: redirectUri });
  const refresh = (token: string) => exchange({ grant_type: "refresh_token", refresh_token: token });
  const originOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).origin_jti;
  const invalid = (error: unknown) => error instanceof OAuthError && error.message === "invalid_grant";

  it("gives nothing and revokes what its first use gave, even an hour later, and nothing else", async () => {
    const other = await redeem(sign());
    const code = sign();
    const { refresh_token, access_token } = await redeem(code);
    await refresh(refresh_token);
    assert.equal(given.isRevoked(originOf(access_token)), false);
    now += 3_000_000;
    await assert.rejects(redeem(code), invalid);
    await assert.rejects(refresh(refresh_token), invalid);
    assert.equal(given.isRevoked(originOf(access_token)), true);
    await refresh(other.refresh_token);
    assert.equal(given.isRevoked(originOf(other.access_token)), false);
  });

  it("revokes nothing when its first use was refused", async () => {
    const code = sign();
    await assert.rejects(
      exchange({ grant_type: "authorization_code", code, redirect_uri: "https://evil.example" }),
      invalid,
    );
    await assert.rejects(redeem(code), invalid);
    const { refresh_token } = await redeem(sign());
    await refresh(refresh_token);
  });

  it("gives nothing to either of two that use it at the same moment", async () => {
    const code = sign();
    const results = await Promise.allSettled([redeem(code), redeem(code)]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected"],
    );
  });
});
