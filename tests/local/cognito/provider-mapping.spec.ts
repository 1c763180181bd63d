import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { type ExternalProvider, mappedAttributes, readProviders } from "../../../local/cognito/federation/providers";
import { replanned, withSignIn } from "../../conformance/plans";

const samlClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/** What each provider says of a person, by its own documentation, and what the user has from it. */
const people: Readonly<
  Record<string, { readonly says: Record<string, unknown>; readonly user: Record<string, string> }>
> = {
  // https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload
  Google: {
    says: {
      ...{ iss: "https://accounts.google.com", sub: "110169484474386276334", hd: "example.com" },
      ...{
        email: "ada@example.com",
        email_verified: true,
        name: "Ada Lovelace",
        picture: "https://example.com/ada.png",
      },
    },
    user: { email: "ada@example.com", email_verified: "true", name: "Ada Lovelace" },
  },
  // https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple: no name in the token
  SignInWithApple: {
    says: {
      ...{ iss: "https://appleid.apple.com", sub: "001234.a1b2c3.0123", is_private_email: "true" },
      ...{ email: "abc@privaterelay.appleid.com", email_verified: "true", nonce_supported: true },
    },
    user: { email: "abc@privaterelay.appleid.com", email_verified: "true" },
  },
  // https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
  LoginWithAmazon: {
    says: {
      user_id: "amzn1.account.K2LI23KL2LK2",
      email: "ada@example.com",
      name: "Ada Lovelace",
      postal_code: "98052",
    },
    user: { email: "ada@example.com", name: "Ada Lovelace" },
  },
  // Attributes of an assertion, by their names.
  Partner: {
    says: {
      [`${samlClaims}/emailaddress`]: "ada@example.com",
      [`${samlClaims}/name`]: "ada",
      "custom:tenantId": "acme",
    },
    user: { email: "ada@example.com" },
  },
  Company: {
    says: {
      sub: "1",
      email: "ada@example.com",
      email_verified: false,
      name: "Ada",
      groups: ["admins"],
      tenantId: "acme",
    },
    user: { email: "ada@example.com", email_verified: "false", name: "Ada" },
  },
};

describe("what people have from each planned provider", () => {
  let providers: ReadonlyMap<string, ExternalProvider>;
  let writable: readonly string[];

  async function plan(change: (config: any) => void = () => undefined): Promise<GraphIndex> {
    const index = await replanned("prod", (config) => {
      withSignIn(config);
      change(config);
    });
    providers = new Map(readProviders(index).map((each) => [each.name, each]));
    const web = index.ofType("aws:cognito/userPoolClient:UserPoolClient").find(({ name }) => /-web$/.test(name))!;
    writable = web.outputs["writeAttributes"];
    return index;
  }
  const given = (name: string, says: Record<string, unknown>) =>
    mappedAttributes(providers.get(name) ?? assert.fail(name), says, writable);

  before(() => plan());

  it("is tested for every provider that can be planned", () => {
    assert.deepEqual([...providers.keys()].sort(), Object.keys(people).sort());
  });

  for (const [name, { says, user }] of Object.entries(people)) {
    it(`${name}: address and name, and neither tenant nor group`, () => {
      assert.deepEqual(given(name, says), user);
      assert.doesNotMatch(JSON.stringify(providers.get(name)!.mapping), /tenant|group|custom/i);
    });
  }

  it("names them by what the provider never gives to another person", () => {
    const names = [...providers.values()].map(({ name, mapping }) => [name, mapping["username"]]);
    assert.deepEqual(Object.fromEntries(names), {
      ...{ Google: "sub", SignInWithApple: "sub", Company: "sub", LoginWithAmazon: "user_id" },
      // Cognito takes the NameID of the assertion by itself.
      Partner: undefined,
    });
  });

  it("comes from another claim where the configuration says so", async () => {
    await plan(({ signIn }) => {
      signIn.providers.saml.Partner.attributes = { email: "urn:oid:0.9.2342.19200300.100.1.3", name: "displayName" };
      signIn.providers.oidc.Company.attributes = { name: "preferred_username" };
    });
    const assertion = { "urn:oid:0.9.2342.19200300.100.1.3": "ada@example.com", displayName: "Ada" };
    assert.deepEqual(given("Partner", assertion), { email: "ada@example.com", name: "Ada" });
    const claims = { email: "ada@example.com", name: "Ada Lovelace", preferred_username: "ada" };
    assert.deepEqual(given("Company", claims), { email: "ada@example.com", name: "ada" });
  });
});
