import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { replanned, withSignIn } from "../../conformance/plans";
import { changedValues } from "../../helpers/configuration";

const POOL = "aws:cognito/userPool:UserPool";
const [primary, second] = ["eu-west-1", "eu-central-1"] as const;

/** Every setting of signing in, with a user pool in each region. */
function withPools(config: any): void {
  withSignIn(config);
  config.signIn.regions = "each";
}

describe("user pools in both regions", function () {
  this.timeout(90_000);
  let plan: GraphIndex;
  const poolIn = (region: string): PlannedResource => plan.ofType(POOL).find((each) => each.region === region)!;
  /** The function of a trigger in a region. */
  const trigger = (region: string, name: string) => {
    const lambda = plan
      .ofType("aws:lambda/function:Function")
      .find((each) => each.name.startsWith(`${region}-identity-${name}`))!;
    const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === lambda.inputs["role"])!;
    const statements = plan
      .where("aws:iam/rolePolicy:RolePolicy", { role: role.outputs["name"] })
      .flatMap((policy) => JSON.parse(policy.inputs["policy"]).Statement as any[]);
    return { region: lambda.region, variables: lambda.inputs["environment"].variables, statements };
  };
  before(async () => {
    plan = await replanned("prod", withPools);
  });

  it("have in each region what a pool has, by that region's provider", () => {
    const types = [...new Set(plan.graph.resources.map(({ type }) => type))].filter((type) =>
      type.startsWith("aws:cognito/"),
    );
    assert.ok(types.length >= 8, types.join());
    for (const type of types) {
      const [own, other] = [primary, second].map((name) => plan.ofType(type).filter(({ region }) => region === name));
      assert.ok(own!.length > 0 && own!.length === other!.length, `${type}: ${own!.length} and ${other!.length}`);
    }
    for (const region of [primary, second]) {
      assert.equal(trigger(region, "pre-token-generation").region, region);
      assert.equal(poolIn(region).inputs["tags"].region, region);
    }
  });

  it("have a table of their keys, which the authorizer of each region may read and write there", () => {
    const [table, ...more] = plan
      .ofType("aws:dynamodb/table:Table")
      .filter(({ name }) => name === `${primary}-issuer-keys-table`);
    assert.deepEqual([more, table!.protect, table!.inputs["replicas"].length], [[], true, 1]);
    const { name } = table!.outputs;
    for (const region of [primary, second]) {
      const arn = `arn:aws:dynamodb:${region}:123456789012:table/${name}`;
      const having = plan
        .ofType("aws:lambda/function:Function")
        .filter((each) => each.region === region && each.inputs["environment"]?.variables.KEY_TABLE === name);
      assert.ok(having.length > 0, region);
      for (const { inputs } of having) {
        const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === inputs["role"])!;
        const statements = plan
          .where("aws:iam/rolePolicy:RolePolicy", { role: role.outputs["name"] })
          .flatMap((policy) => JSON.parse(policy.inputs["policy"]).Statement as any[]);
        const allowed = statements.filter(({ Resource }) => JSON.stringify(Resource).includes(name));
        assert.deepEqual(
          allowed.map(({ Action, Resource }) => [Action, Resource]),
          [[["dynamodb:GetItem", "dynamodb:PutItem"], arn]],
        );
      }
    }
  });

  it("have each a page of its own name, and mail of the domain", () => {
    const domains = plan
      .ofType("aws:cognito/userPoolDomain:UserPoolDomain")
      .map((each) => [each.region, each.inputs["domain"]]);
    assert.deepEqual(domains.sort(), [
      [second, "example-platform-prod"],
      [second, "sign-in-eu-central-1.api.example.com"],
      [primary, "example-platform-prod"],
      [primary, "sign-in.api.example.com"],
    ]);
    assert.equal(plan.ofType("aws:sesv2/emailIdentity:EmailIdentity").length, 2);
    const records = plan.ofType("aws:route53/record:Record").filter(({ name }) => /dns-mail-\d$/.test(name));
    assert.equal(new Set(records.map(({ inputs }) => inputs["name"])).size, 6);
  });

  it("have attributes for who is a copy of whom, which no client may write", () => {
    for (const { inputs } of plan.ofType(POOL)) {
      const subject = inputs["schemas"].find(({ name }: any) => name === "subject");
      assert.deepEqual(
        [subject.mutable, subject.stringAttributeConstraints],
        [false, { minLength: "1", maxLength: "128" }],
      );
    }
    for (const { name, inputs } of plan.ofType("aws:cognito/userPoolClient:UserPoolClient")) {
      assert.ok(!inputs["writeAttributes"].some((each: string) => each.startsWith("custom:")), name);
      if (!name.endsWith("-service")) assert.ok(inputs["readAttributes"].includes("custom:subject"), name);
    }
  });

  it("are copied between by triggers that may do that to these two pools, and nothing else", () => {
    for (const [region, other] of [
      [primary, second],
      [second, primary],
    ] as const) {
      const [own, theirs] = [region, other].map((each) => poolIn(each).outputs["arn"]);
      for (const name of ["post-confirmation", "post-authentication", "pre-token-generation"]) {
        const { variables, statements } = trigger(region, name);
        assert.deepEqual([variables.COPY_REGION, variables.COPY_DOMAIN], [other, "example-platform-prod"]);
        const actions = (arn: string) =>
          statements
            .filter(({ Resource }) => Resource === arn)
            .flatMap(({ Action }) => Action.map((each: string) => each.split(":")[1]));
        const group = name === "post-confirmation" ? ["AdminAddUserToGroup"] : [];
        assert.deepEqual(actions(own!), [...group, "AdminListGroupsForUser", "AdminUpdateUserAttributes"]);
        assert.deepEqual(actions(theirs!), [
          ...["AdminAddUserToGroup", "AdminCreateUser", "AdminDeleteUser", "AdminGetUser", "AdminSetUserPassword"],
          "AdminUpdateUserAttributes",
        ]);
        const star = statements.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action);
        assert.deepEqual(
          star.filter((each) => each.startsWith("cognito")),
          ["cognito-idp:DescribeUserPoolDomain"],
        );
      }
    }
  });

  it("name the same subjects: the second one's machine client stands for the first one's", () => {
    const machine = plan
      .ofType("aws:cognito/userPoolClient:UserPoolClient")
      .find(({ name }) => name === `${primary}-identity-service`)!;
    assert.equal(trigger(second, "pre-token-generation").variables.MACHINE_ID, machine.outputs["id"]);
    assert.equal(trigger(primary, "pre-token-generation").variables.MACHINE_ID, undefined);
    for (const region of [primary, second])
      assert.ok(trigger(region, "pre-token-generation").variables.SUBJECTS, region);
  });

  it("read the members of tenants from their own region's replica", () => {
    for (const region of [primary, second]) {
      const { statements } = trigger(region, "pre-token-generation");
      const table = statements.find(({ Action }) => Action.includes("dynamodb:GetItem"))!.Resource;
      assert.ok(table.startsWith(`arn:aws:dynamodb:${region}:`), table);
    }
  });

  it("are both admitted by the authorizers of every gateway, each with its own clients", () => {
    const functions = plan
      .ofType("aws:lambda/function:Function")
      .filter(({ inputs }) => inputs["environment"]?.variables?.ISSUER !== undefined);
    assert.equal(functions.length, 4);
    for (const { name, inputs } of functions) {
      const { ISSUER, OTHER_ISSUER, OTHER_JWKS_URL, CLIENT_IDS, OTHER_CLIENT_IDS } = inputs["environment"].variables;
      assert.deepEqual(
        [ISSUER, OTHER_ISSUER].map((each) => each.split("/").pop()),
        [primary, second].map((each) => poolIn(each).outputs["id"]),
        name,
      );
      assert.equal(OTHER_JWKS_URL, `${OTHER_ISSUER}/.well-known/jwks.json`);
      const ids = [...CLIENT_IDS.split(","), ...OTHER_CLIENT_IDS.split(",")];
      assert.equal(new Set(ids).size, 6, name);
    }
    assert.deepEqual(
      plan.ofType("aws:apigatewayv2/authorizer:Authorizer").filter(({ inputs }) => inputs["authorizerType"] === "JWT"),
      [],
    );
  });

  it("are both known to the web app, which may ask both for tokens", () => {
    const config = plan
      .ofType("aws:s3/bucketObjectv2:BucketObjectv2")
      .find(({ inputs }) => inputs["key"] === "config.json")!;
    const { signIn, otherSignIn } = JSON.parse(config.inputs["content"]);
    assert.equal(otherSignIn.region, second);
    assert.equal(otherSignIn.url, "https://sign-in-eu-central-1.api.example.com");
    assert.deepEqual(otherSignIn.scopes, signIn.scopes);
    assert.notEqual(otherSignIn.clientId, signIn.clientId);
    const [headers] = plan.ofType("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy");
    for (const { url } of [signIn, otherSignIn]) assert.ok(JSON.stringify(headers!.inputs).includes(url), url);
  });

  it("are in the outputs of the primary region's stack, which owns both", async () => {
    const config = changedValues("prod", withPools);
    const { resources, outputs } = await planStack(`prod.${primary}`, { config });
    const ids = resources.filter(({ type }) => type === POOL).map((each) => each.outputs["id"]);
    const { userPoolId, otherRegion } = (outputs as any).identity[primary];
    assert.deepEqual([otherRegion.userPoolId, userPoolId].map(String), [...ids].sort());
    assert.equal(otherRegion.region, second);
    assert.equal(otherRegion.signInUrl, "https://sign-in-eu-central-1.api.example.com");
    const other = await planStack(`prod.${second}`, { config });
    assert.deepEqual(
      other.resources.filter(({ type }) => type === POOL),
      [],
    );
  });
});
