import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { only, planAccount } from "./fixture";

function roleOf(plan: GraphIndex) {
  return plan.ofType("aws:iam/role:Role").find(({ name }) => name.endsWith("-deploy-role"))!;
}
const trustOf = (plan: GraphIndex) => JSON.parse(roleOf(plan).inputs["assumeRolePolicy"]).Statement;
const providers = (plan: GraphIndex) => plan.ofType("aws:iam/openIdConnectProvider:OpenIdConnectProvider");

describe("DeployRole", () => {
  it("trusts the named tokens of the issuer, and the named principals, and nobody else", async () => {
    const plan = await planAccount();
    assert.deepEqual(trustOf(plan), [
      {
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/ci.example.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "ci.example.com:aud": "sts.amazonaws.com" },
          StringLike: { "ci.example.com:sub": ["project:example/platform:ref:main"] },
        },
      },
      {
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::123456789012:role/example-operators"] },
        Action: "sts:AssumeRole",
      },
    ]);
    const { url, clientIdLists } = only(plan, "aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    assert.deepEqual([url, clientIdLists], ["https://ci.example.com", ["sts.amazonaws.com"]]);
  });

  it("names the claims by the issuer's URL, path included", async () => {
    const plan = await planAccount((config) => {
      config.deploy.oidc.issuer = "https://example.com/ci/tenant-1";
      config.deploy.oidc.audience = "deploy";
    });
    const { Condition } = trustOf(plan)[0];
    assert.deepEqual(Condition.StringEquals, { "example.com/ci/tenant-1:aud": "deploy" });
    assert.deepEqual(Object.keys(Condition.StringLike), ["example.com/ci/tenant-1:sub"]);
  });

  it("makes no provider for principals alone", async () => {
    const plan = await planAccount((config) => {
      delete config.deploy.oidc;
    });
    assert.deepEqual(providers(plan), []);
    assert.deepEqual(
      trustOf(plan).map(({ Action }: any) => Action),
      ["sts:AssumeRole"],
    );
  });

  it("trusts no principal where tokens are all that is configured", async () => {
    const plan = await planAccount((config) => {
      config.deploy.principals = [];
    });
    assert.deepEqual(
      trustOf(plan).map(({ Action }: any) => Action),
      ["sts:AssumeRoleWithWebIdentity"],
    );
  });

  it("lasts as long as configured", async () => {
    assert.equal(roleOf(await planAccount()).inputs["maxSessionDuration"], 3600);
    const plan = await planAccount((config) => {
      config.deploy.sessionMinutes = 90;
    });
    assert.equal(roleOf(plan).inputs["maxSessionDuration"], 5400);
    assert.equal(plan.graph.outputs["deployRoleArn"], roleOf(plan).outputs["arn"]);
  });
});
