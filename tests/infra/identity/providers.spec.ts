import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { mappedAttributes } from "../../../local/cognito/federation/providers";
import { planned, replanned, withSignIn } from "../../conformance/plans";

const PROVIDER = "aws:cognito/identityProvider:IdentityProvider";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";

/** What each provider says of one person, and the attributes that the pool then has. */
const people: Record<string, readonly [claims: object, attributes: object]> = {
  Company: [
    { sub: "1", email: "ann@example.org", email_verified: true, name: "Ann", groups: ["admins"] },
    { email: "ann@example.org", email_verified: "true", name: "Ann" },
  ],
  Partner: [
    { "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": "ann@example.org", tenant: "acme" },
    { email: "ann@example.org" },
  ],
  Google: [
    { sub: "1", email: "ann@example.org", email_verified: true, name: "Ann", hd: "example.org" },
    { email: "ann@example.org", email_verified: "true", name: "Ann" },
  ],
  SignInWithApple: [
    { sub: "1", email: "x@privaterelay.appleid.com", email_verified: "true" },
    { email: "x@privaterelay.appleid.com", email_verified: "true" },
  ],
  LoginWithAmazon: [
    { user_id: "amzn1.account.1", email: "ann@example.org", name: "Ann" },
    { email: "ann@example.org", name: "Ann" },
  ],
};

describe("external providers", function () {
  this.timeout(60_000);
  let plan: GraphIndex;
  before(async () => {
    plan = await replanned("dev", withSignIn);
  });
  const provider = (name: string) => plan.one(PROVIDER, { providerName: name }).inputs as any;

  it("are those of the configuration, of the types that Cognito has", () => {
    const types = plan.ofType(PROVIDER).map(({ inputs }) => [inputs["providerName"], inputs["providerType"]]);
    assert.deepEqual(Object.fromEntries(types), {
      ...{ Company: "OIDC", Partner: "SAML", Google: "Google" },
      ...{ SignInWithApple: "SignInWithApple", LoginWithAmazon: "LoginWithAmazon" },
    });
  });

  for (const [name, [claims, attributes]] of Object.entries(people)) {
    it(`maps what ${name} says to attributes that clients may write, and to no tenant or group`, () => {
      const { attributeMapping: mapping } = provider(name);
      const web = plan.ofType(CLIENT).find((client) => client.name.endsWith("-web"))!.inputs;
      assert.deepEqual(mappedAttributes({ mapping }, claims as never, web["writeAttributes"]), attributes);
      const wrong = Object.keys(mapping).filter((attribute) => /custom:|tenant|group|role/i.test(attribute));
      assert.deepEqual(wrong, []);
    });
  }

  it("have their secrets from the Parameter Store, and no plan shows one", () => {
    for (const [name, key] of [
      ["Company", "client_secret"],
      ["Google", "client_secret"],
      ["LoginWithAmazon", "client_secret"],
      ["SignInWithApple", "private_key"],
    ] as const) {
      assert.equal(provider(name).providerDetails[key], "[secret]", name);
    }
    assert.deepEqual(Object.keys(provider("Partner").providerDetails).sort(), [
      "EncryptedResponses",
      "IDPSignout",
      "MetadataURL",
    ]);
  });

  it("write out what Cognito adds by itself, so that the next update changes nothing", () => {
    const { providerDetails } = provider("Google");
    assert.deepEqual(Object.keys(providerDetails).sort(), [
      ...["attributes_url", "attributes_url_add_attributes", "authorize_scopes", "authorize_url", "client_id"],
      ...["client_secret", "oidc_issuer", "token_request_method", "token_url"],
    ]);
  });

  it("may be chosen at the clients of people, and at no machine's", () => {
    const names = plan.ofType(PROVIDER).map(({ inputs }) => inputs["providerName"]);
    for (const { name, inputs } of plan.ofType(CLIENT)) {
      const expected = name.endsWith("-service") ? ["COGNITO"] : ["COGNITO", ...names];
      assert.deepEqual([...inputs["supportedIdentityProviders"]].sort(), expected.sort(), name);
    }
  });

  it("are none unless they are configured", async () => {
    assert.equal((await planned("dev")).ofType(PROVIDER).length, 0);
  });
});

describe("the client of a native application", function () {
  this.timeout(60_000);

  it("has a scheme of its own, no secret, code with PKCE alone, and a page to sign in with", async () => {
    const plan = await replanned("dev", ({ signIn }) => {
      signIn.nativeCallbackUrls = ["com.example.app:/signed-in"];
    });
    const native = plan.ofType(CLIENT).find(({ name }) => name.endsWith("-native"))!;
    const { callbackUrls, generateSecret, allowedOauthFlows, refreshTokenRotation } = native.inputs;
    assert.deepEqual(callbackUrls, ["com.example.app:/signed-in"]);
    assert.deepEqual([generateSecret, allowedOauthFlows, refreshTokenRotation.feature], [false, ["code"], "ENABLED"]);
    plan.one("aws:cognito/managedLoginBranding:ManagedLoginBranding", { clientId: native.outputs["id"] });
    // The third: the first two keep their places, which verify and tenants know.
    const outputs: any = plan.graph.outputs;
    assert.equal(outputs.identity["eu-west-1"].clientIds[2], native.outputs["id"]);
  });
});
