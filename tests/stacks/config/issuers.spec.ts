import assert from "node:assert/strict";
import { parseConfig } from "../../../stacks/config/read";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "./example";

const corporate = {
  issuer: "https://login.example.com/",
  audiences: ["platform"],
  jwksUrl: "https://login.example.com/jwks",
  scopes: { "orders.write": ["shipping/write"] },
};

function problemsWith(issuers: unknown, change: (config: any) => void = () => undefined): readonly string[] {
  const config: any = { ...exampleConfig("prod"), issuers };
  change(config);
  return problemsOf(config, "prod", catalog);
}

describe("the issuers of an environment", () => {
  it("are the pool alone when nothing is said", () => {
    const { issuers, tokens } = parseConfig(exampleConfig("prod"), "prod", catalog);
    assert.deepEqual([issuers, tokens.pool], [undefined, true]);
  });

  it("are others next to the pool, or instead of it", () => {
    assert.deepEqual(problemsWith({ corporate }), []);
    assert.deepEqual(
      problemsWith({ corporate }, (config) => {
        config.tokens = { pool: false };
      }),
      [],
    );
  });

  it("belong to a tenant of a tier where there are tenants", () => {
    const tenants = (config: any) => {
      config.gateways = { rest: {} };
      config.tenants = { tiers: { free: { rate: 1, burst: 1 } } };
    };
    const tenant = { name: "acme", tier: "free" };
    assert.deepEqual(problemsWith({ corporate: { ...corporate, tenant } }, tenants), []);
    assert.match(
      problemsWith({ corporate }, tenants)[0] ?? "",
      /^platform:issuers\.corporate\.tenant is missing; .*tier: free/,
    );
    const [gold] = problemsWith({ corporate: { ...corporate, tenant: { ...tenant, tier: "gold" } } }, tenants);
    assert.match(
      gold ?? "",
      /corporate\.tenant\.tier must be a tier of platform:tenants \(free\), got "gold"; correct it/,
    );
  });

  it("are refused as none at all", () => {
    const [problem] = problemsWith(undefined, (config) => {
      config.tokens = { pool: false };
    });
    assert.match(
      problem ?? "",
      /^platform:tokens\.pool must be true without platform:issuers, .*got false; add an issuer/,
    );
  });

  for (const [title, issuers, problem] of [
    ["a name that is no name", { Corporate: corporate }, /issuers\.Corporate.* must be 1-31 lower-case letters/],
    ["no audience", { corporate: { ...corporate, audiences: [] } }, /corporate\.audiences/],
    [
      "plain http",
      { corporate: { ...corporate, issuer: "http://login.example.com" } },
      /\.issuer must be an https URL/,
    ],
    [
      "a placeholder",
      { corporate: { ...corporate, jwksUrl: "https://login.example.com/{x}" } },
      /\.jwksUrl must be an https URL without placeholders/,
    ],
    [
      "keys on this machine",
      { corporate: { ...corporate, jwksUrl: "https://localhost/jwks" } },
      /\.jwksUrl must have a host that AWS reaches/,
    ],
    [
      "a user pool",
      { corporate: { ...corporate, issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a" } },
      /\.issuer must be no user pool of Cognito/,
    ],
    [
      "one issuer twice",
      { corporate, other: corporate },
      /issuers\.other\.issuer must be an issuer of its own, .*which corporate is; join them/,
    ],
    [
      "a scope that no service has",
      { corporate: { ...corporate, scopes: { x: ["shipping/read"] } } },
      /scopes\.x must be scopes of services \(.*shipping\/write.*\), got "shipping\/read"; correct it/,
    ],
    [
      "a tenant without tenants",
      { corporate: { ...corporate, tenant: { name: "a", tier: "b" } } },
      /corporate\.tenant needs platform:tenants, got none/,
    ],
    ["an unknown key", { corporate: { ...corporate, audience: "x" } }, /audience/],
    [
      "too many",
      Object.fromEntries([..."abcdef"].map((name) => [name, { ...corporate, issuer: `https://${name}.example.com` }])),
      /issuers must be at most 5, got 6; remove some/,
    ],
    [
      "more than a function's variables take",
      {
        corporate: {
          ...corporate,
          scopes: Object.fromEntries(
            Array.from({ length: 60 }, (_, i) => [`a-long-scope-of-the-other-server-${i}`, ["shipping/write"]]),
          ),
        },
      },
      /issuers must take at most 3000 bytes .*map fewer scopes/,
    ],
  ] as const) {
    it(`are refused with ${title}`, () => {
      const [found, ...others] = problemsWith(issuers);
      assert.match(found ?? "", problem);
      assert.deepEqual(others, []);
    });
  }
});
