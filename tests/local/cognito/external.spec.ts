import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as cognito from "@pulumi/aws/cognito";
import * as aws from "@pulumi/aws/provider";
import { decodeJwt } from "jose";
import { request } from "undici";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import { MappingRefused, mappedAttributes } from "../../../local/cognito/federation/providers";
import { type RunningIssuer, startIssuer } from "../../../local/cognito/issuer";
import { UserPools } from "../../../local/cognito/user-pools";
import { FunctionFailure } from "../../../local/local-compute";
import { Browser } from "./browser";
import { callback, keys } from "./planned";

const verifier = "v".repeat(43);

describe("sign-ins by an external provider", function () {
  this.timeout(60_000);
  let issuer: RunningIssuer;
  let pools: UserPools;
  let sources: string[] = [];
  let refusal: string | undefined;

  before(async () => {
    const index = new GraphIndex(await capture(program));
    const invoke = async (_arn: string, event: any) => {
      sources.push(event.triggerSource);
      if (refusal === undefined) return event;
      throw new FunctionFailure("error", refusal, { errorType: "Error", errorMessage: refusal });
    };
    pools = new UserPools(index, { keys, invoke });
    issuer = await startIssuer({ index, port: 0, log: () => {}, userPools: pools });
  });
  after(() => issuer.stop());
  beforeEach(() => {
    sources = [];
    refusal = undefined;
  });

  const clientId = (name: string) => [...pools.clients.values()].find((client) => client.name === name)!.id;
  const asking = (more: Record<string, string> = {}, client = "app") =>
    new URLSearchParams({
      ...{ client_id: clientId(client), redirect_uri: callback, response_type: "code", state: "s1" },
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      ...{ code_challenge_method: "S256", ...more },
    });

  /** Signs in at the provider, and returns where it sends the browser back to. */
  async function atProvider(location: string, email: string): Promise<string> {
    const { origin, pathname, search } = new URL(location);
    const browser = new Browser(origin);
    await browser.get((await browser.get(pathname + search)).location);
    const path = new URL(browser.lastUrl).pathname;
    const body = String(new URLSearchParams({ email }));
    const resumed = await browser.send("POST", path, { body });
    return (await browser.get(resumed.location)).location;
  }

  async function signIn(email: string, { client = "app", browser = new Browser(issuer.url) } = {}): Promise<string> {
    const { status, location } = await browser.get(
      `/oauth2/authorize?${asking({ identity_provider: "Company" }, client)}`,
    );
    assert.equal(status, 302);
    const back = new URL(await atProvider(location, email));
    assert.equal(back.origin + back.pathname, `${issuer.url}/oauth2/idpresponse`);
    return (await browser.get(back.pathname + back.search)).location;
  }

  async function tokensOf(location: string): Promise<any> {
    const code = new URL(location).searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", client_id: clientId("app"), redirect_uri: callback, code };
    const answer = await request(`${issuer.url}/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: String(new URLSearchParams({ ...form, code_verifier: verifier })),
    });
    return answer.body.json();
  }

  it("lead there and back, and make a user with mapped attributes in the provider's group", async () => {
    const location = await signIn("ada@company.example");
    assert.match(location, /^http:\/\/localhost:3000\/callback\?code=[\w-]+&state=s1$/);
    assert.deepEqual(sources, ["PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp"]);
    const id: any = decodeJwt((await tokensOf(location)).id_token);
    assert.deepEqual([id.email, id.name], ["ada@company.example", "ada"]);
    assert.match(id["cognito:username"], /^Company_[0-9a-f]{24}$/);
    assert.deepEqual(id["cognito:groups"], [`${pools.clients.get(clientId("app"))!.pool.id}_Company`]);
    const [{ providerName, providerType, userId }] = id.identities;
    assert.deepEqual([providerName, providerType], ["Company", "OIDC"]);
    assert.equal(id["cognito:username"], `Company_${userId}`);
  });

  it("find the same user again, whom no password signs in", async () => {
    const first: any = decodeJwt((await tokensOf(await signIn("eve@company.example"))).id_token);
    sources = [];
    const second: any = decodeJwt((await tokensOf(await signIn("eve@company.example"))).id_token);
    assert.equal(first.sub, second.sub);
    assert.deepEqual(sources, ["PostAuthentication_Authentication"]);
    const browser = new Browser(issuer.url);
    await browser.get(`/login?${asking()}`);
    for (const username of [first["cognito:username"], "eve@company.example"]) {
      assert.equal((await browser.submit({ username, password: "" })).problem, "Incorrect username or password.");
    }
  });

  it("are refused to a user whom an administrator disabled, and never sign in one with a password", async () => {
    const { sub } = decodeJwt((await tokensOf(await signIn("kim@company.example"))).id_token);
    const user = pools.directory(pools.clients.get(clientId("app"))!.pool.id).get(sub!);
    const refused = async () => new URL(await signIn("kim@company.example")).searchParams.get("error_description");
    user.enabled = false;
    assert.equal(await refused(), "User is disabled.");
    user.enabled = true;
    user.status = "CONFIRMED";
    assert.equal(await refused(), "User already exists");
  });

  it("show the client the error of a trigger that refuses", async () => {
    refusal = "not this one";
    const { searchParams } = new URL(await signIn("tom@company.example"));
    assert.equal(searchParams.get("error"), "invalid_request");
    assert.equal(searchParams.get("error_description"), "PreSignUp failed with error not this one.");
    assert.equal(searchParams.get("state"), "s1");
  });

  it("are refused where a mapped attribute may not be written", async () => {
    const { searchParams } = new URL(await signIn("pia@company.example", { client: "narrow" }));
    assert.equal(searchParams.get("error_description"), "user.email: Attribute cannot be updated.");
  });

  it("end in the browser that began them, once", async () => {
    const browser = new Browser(issuer.url);
    const { location } = await browser.get(`/oauth2/authorize?${asking({ identity_provider: "Company" })}`);
    const back = new URL(await atProvider(location, "mia@company.example"));
    const other = await new Browser(issuer.url).get(back.pathname + back.search);
    assert.deepEqual([other.status, other.location], [400, ""]);
    const late = await browser.get(back.pathname + back.search);
    assert.deepEqual([late.status, late.location], [400, ""]);
    assert.equal((await browser.get("/oauth2/idpresponse?code=x&state=made-up")).status, 400);
  });

  it("pass on that the person did not sign in", async () => {
    const browser = new Browser(issuer.url);
    const { location } = await browser.get(`/oauth2/authorize?${asking({ identity_provider: "Company" })}`);
    const state = new URL(location).searchParams.get("state");
    const { location: to } = await browser.get(`/oauth2/idpresponse?error=access_denied&state=${state}`);
    assert.equal(to, `${callback}?error=access_denied&state=s1`);
  });

  it("are offered on the sign-in page, by name, and another provider's is refused", async () => {
    const { text } = await new Browser(issuer.url).get(`/login?${asking()}`);
    assert.match(text, /href="\/oauth2\/authorize\?[^"]*identity_provider=Company"[^>]*>Continue with Company</);
    const browser = new Browser(issuer.url);
    assert.equal((await browser.get(`/oauth2/authorize?${asking({ identity_provider: "Other" })}`)).status, 400);
    const byIdentifier = await browser.get(`/oauth2/authorize?${asking({ idp_identifier: "company.example" })}`);
    assert.match(byIdentifier.location, /\/auth\?client_id=company-client&/);
    assert.match(
      (await browser.get(`/oauth2/authorize?${asking({ identity_provider: "Saml" })}`)).text,
      /SAML providers do not run on this machine/,
    );
  });
});

describe("attributes that a provider gives", () => {
  const mapping = { email: "mail", "custom:tenantId": "org", email_verified: "verified", username: "sub" };
  const claims = { sub: "1", mail: "ada@company.example", verified: true, org: "acme" };

  it("are those of the mapping, as texts", () => {
    assert.deepEqual(mappedAttributes({ mapping }, claims, undefined), {
      email: "ada@company.example",
      "custom:tenantId": "acme",
      email_verified: "true",
    });
    assert.deepEqual(mappedAttributes({ mapping }, { sub: "1" }, []), {});
  });

  it("cannot be a tenant that the client may not write", () => {
    assert.throws(() => mappedAttributes({ mapping }, claims, ["email"]), MappingRefused);
  });
});

function program(): void {
  const opts = { provider: new aws.Provider("p", { region: "eu-west-1" }) };
  const trigger = "arn:aws:lambda:eu-west-1:123456789012:function:trigger";
  const pool = new cognito.UserPool(
    "pool",
    {
      usernameAttributes: ["email"],
      lambdaConfig: { preSignUp: trigger, postConfirmation: trigger, postAuthentication: trigger },
    },
    opts,
  );
  const provider = (providerName: string, providerType: string, more: object) =>
    new cognito.IdentityProvider(
      providerName,
      {
        ...{
          userPoolId: pool.id,
          providerName,
          providerType,
          idpIdentifiers: [`${providerName.toLowerCase()}.example`],
        },
        providerDetails: {
          client_id: `${providerName.toLowerCase()}-client`,
          authorize_scopes: "openid email profile",
          ...more,
        },
        attributeMapping: { email: "email", name: "name", username: "sub" },
      },
      opts,
    );
  const providers = [
    provider("Company", "OIDC", { oidc_issuer: "https://login.company.example" }),
    provider("Saml", "SAML", { MetadataURL: "https://saml.company.example/metadata" }),
  ];
  for (const [name, writeAttributes] of [
    ["app", ["email", "name"]],
    ["narrow", ["name"]],
  ] as const) {
    new cognito.UserPoolClient(
      name,
      {
        ...{ userPoolId: pool.id, name, writeAttributes: [...writeAttributes], callbackUrls: [callback] },
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email"],
        supportedIdentityProviders: ["COGNITO", "Company", "Saml"],
      },
      { ...opts, dependsOn: providers },
    );
  }
}
