import assert from "node:assert/strict";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { contract, exampleConfig, problemsAfter, problemsOf, problemsOfChange, refuses, route } from "./example";

describe("signing in, as it is configured", () => {
  it("may have groups that grant scopes of services, one of which people join who sign up", () => {
    assert.deepEqual(problemsAfter("signIn.groups", { editors: { scopes: ["food-store/write"] } }), []);
    assert.deepEqual(problemsAfter("signIn.groups", { newcomers: { scopes: [] } }), []);
    assert.deepEqual(problemsAfter("signIn.groups", { editors: { scopes: "all" } }), []);
    const groups = { editors: { scopes: ["food-store/write"] }, newcomers: { scopes: [] } };
    assert.deepEqual(problemsAfter("signIn", { ...base, groups, signUp: { open: true, group: "newcomers" } }), []);
  });

  it("may have groups that grant a scope of a route by which a gateway takes work on", () => {
    const taken = route({ id: "take", method: "POST", path: "/shipping/take", scopes: ["shipping/take"] });
    const workRoutes = [{ ...taken, deliverTo: { method: "POST", path: "/shipping/taken" } as const, sample: {} }];
    const config = exampleConfig("prod");
    config.signIn.groups = { packers: { scopes: ["shipping/take"] } };
    assert.deepEqual(problemsOf(config, "prod", { ...catalog, shipping: contract("shipping", { workRoutes }) }), []);
  });

  refuses("signIn.groups", {
    'signIn.groups.editors.scopes[0] must be a scope <service>/<scope> such as food-store/write, got "write"; change it':
      [{ editors: { scopes: ["write"] } }],
    'signIn.groups.editors.scopes[1] is listed twice, got "food-store/write"; remove it': [
      { editors: { scopes: ["food-store/write", "food-store/write"] } },
    ],
    'signIn.groups.Editors must be 1-64 of a-z, 0-9 and inner hyphens, got "Editors"; rename it': [
      { Editors: { scopes: "all" } },
    ],
    "signIn.groups.editors.scopes must be all, or a list such as [food-store/write], got undefined; change it": [
      { editors: {} },
    ],
    'signIn.groups.editors.scopes must be all, or a list such as [food-store/write], got "every"; change it': [
      { editors: { scopes: "every" } },
    ],
  });

  it("refuses a scope that no service asks for", () => {
    const [problem, ...others] = problemsAfter("signIn.groups", { editors: { scopes: ["food-store/read"] } });
    assert.match(
      problem!,
      /^platform:signIn\.groups\.editors\.scopes\[0\] must be a scope of a service \(food-store\/write, .*\), got "food-store\/read"; correct it$/,
    );
    assert.deepEqual(others, []);
  });

  it("refuses a group of new people that does not exist, and names those that do", () => {
    const problems = problemsOfChange((config) => {
      config.signIn.groups = { editors: { scopes: [] } };
      config.signIn.signUp.group = "newcomers";
    });
    assert.deepEqual(problems, [
      'platform:signIn.signUp.group must be a group of signIn.groups (editors), got "newcomers"; add it there',
    ]);
  });

  it("refuses what needs SES without it, or a zone that vouches for the address", () => {
    const problems = problemsOfChange(({ signIn }) => {
      Object.assign(signIn, {
        mail: { from: "no-reply@example.org", sender: "cognito" },
        product: "Pet shop",
        codeByMail: true,
      });
    });
    assert.deepEqual(problems, [
      'platform:signIn.mail.from must be an address in the zone example.com, whose records show that it may send, got "no-reply@example.org"; change it',
      'platform:signIn.product needs signIn.mail.sender ses, as Cognito\'s own sender takes no texts, got "cognito"; set it, or remove product',
      'platform:signIn.codeByMail needs signIn.mail.sender ses and signIn.product, got "cognito" and "Pet shop"; set both, or codeByMail to false',
      "platform:signIn.codeByMail must not be true with signIn.secondFactor required, as the code would be a way around the second factor; set secondFactor to off, or codeByMail to false",
    ]);
    assert.deepEqual(problemsAfter("signIn.mail", { from: "no-reply@mail.example.com", sender: "ses" }), []);
  });

  it("may have a user pool in each region where there are two, and no factor that a mailbox would get around", () => {
    const each = (change: (config: any) => void) =>
      problemsOfChange((config) => {
        Object.assign(config.signIn, { regions: "each", secondFactor: "off" });
        change(config);
      });
    assert.deepEqual(problemsAfter("signIn", { ...base, regions: "each", secondFactor: "off" }), []);
    const oneRegion = each((config) => {
      config.regions = config.regions.slice(0, 1);
    });
    assert.deepEqual(oneRegion, [
      "platform:signIn.regions needs two regions in platform:regions, got 1; add one, or set signIn.regions to primary",
    ]);
    for (const secondFactor of ["optional", "required"]) {
      const problems = each(({ signIn }) => Object.assign(signIn, { secondFactor }));
      assert.deepEqual(problems, [
        `platform:signIn.regions must be primary with signIn.secondFactor ${secondFactor}: a factor cannot be copied, so that recovery by mail in the other region would be a way around it, got "each"; set secondFactor to off, or regions to primary`,
      ]);
    }
  });

  it("refuses tenants of new people where there are none", () => {
    assert.deepEqual(problemsAfter("signIn.signUp.tenants", { "partner.example.com": "acme" }), [
      "platform:signIn.signUp.tenants needs tenants, got none; add tenants, or remove it",
    ]);
  });

  it("refuses a name of the page that Cognito would refuse, or that another has", () => {
    const problem = (name: string) => problemsAfter("signIn.domain", name);
    assert.deepEqual(problem("sign-in.api.example.com"), []);
    for (const name of ["sign-in.example.com", "a.b.api.example.com", "api.example.com"]) {
      assert.match(
        problem(name).join("\n"),
        /^platform:signIn\.domain must be one label below domain\.api, whose A record Cognito looks for, got .*; try "sign-in\.api\.example\.com"/,
        name,
      );
    }
    assert.deepEqual(problem("eu-west-1.api.example.com"), [
      'platform:signIn.domain must be a name of its own, got "eu-west-1.api.example.com", which the HTTP API has; try "sign-in.api.example.com"',
    ]);
  });

  for (const url of [
    "https://app.example.com/",
    "javascript:alert(1)",
    "app:/x",
    "myapp://callback",
    "data:text.html:/x",
  ]) {
    it(`refuses ${url} as the URL of a native application`, () => {
      assert.match(
        problemsAfter("signIn.nativeCallbackUrls", [url]).join(),
        /must be a URL with a scheme of its own that has a dot/,
      );
    });
  }

  it("refuses a provider with a name of Cognito's own, or of another provider", () => {
    const saml = { metadataUrl: "https://idp.example.org/metadata.xml" };
    assert.match(
      problemsAfter("signIn.providers", { saml: { Google: saml } }).join(),
      /signIn\.providers\.saml\.Google/,
    );
    const oidc = { issuer: "https://login.example.org", clientId: "x", scopes: ["openid"] };
    assert.deepEqual(problemsAfter("signIn.providers", { saml: { company: saml }, oidc: { Company: oidc } }), [
      "platform:signIn.providers.saml.company must have a name of its own, and a provider of oidc has it; rename one of them",
    ]);
    assert.deepEqual(problemsAfter("signIn.providers", { saml: { Partner: saml }, oidc: { Company: oidc } }), []);
  });

  refuses("signIn.product", {
    "signIn.product must be 1-40 of A-Z, a-z, 0-9, space, . and -, got <value>; change it": [
      "<b>shop</b>",
      "",
      "a{####}",
    ],
  });
  refuses("signIn.password.minimumLength", {
    "signIn.password.minimumLength must be at least 8, got 7; raise it": [7],
    "signIn.password.minimumLength must be at most 99, got 100; lower it": [100],
  });

  it("refuses more groups than the trigger's variables take", () => {
    const groups = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`group-${i}-${"x".repeat(40)}`, { scopes: [] }]),
    );
    assert.match(
      problemsAfter("signIn.groups", groups).join("\n"),
      /^platform:signIn\.groups must be at most 3000 bytes together, .*got 3\d\d\d; join groups, or shorten their names$/,
    );
  });
});

const base = {
  domainPrefix: "example-platform-prod",
  callbackUrls: ["https://app.example.com/signed-in"],
  logoutUrls: ["https://app.example.com/"],
};
