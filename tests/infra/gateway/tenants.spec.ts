import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { replanned, withoutCalls } from "../../conformance/plans";

const API = "aws:apigateway/restApi:RestApi";
const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const PLAN = "aws:apigateway/usagePlan:UsagePlan";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const POOL = "aws:cognito/userPool:UserPool";
const SECRET = "aws:secretsmanager/secret:Secret";
const TABLE = "aws:dynamodb/table:Table";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const services = ["pet-store", "price-calculator", "shipping"];
const tiers = {
  free: { rate: 10, burst: 20, quota: { requests: 10_000, per: "DAY" } },
  premium: { rate: 200, burst: 400, routes: { "shipping/put-shipment": { rate: 50, burst: 60 } } },
};

/** Plans dev with tenants of the services that need no forwarder. */
function plannedWith(environment: "dev" | "prod" = "dev"): Promise<GraphIndex> {
  return withoutCalls(() =>
    replanned(environment, (config) => {
      config.gateways.rest = { services, domain: `rest.${config.domain.api}` };
      config.tenants = { tiers };
    }),
  );
}

describe("tenants of the REST API", () => {
  let plan: GraphIndex;
  let definition: any;
  before(async () => {
    plan = await plannedWith();
    definition = JSON.parse(plan.one(API, {}).inputs["body"]);
  });
  const operations = () =>
    Object.entries<any>(definition.paths).flatMap(([path, item]) =>
      Object.entries<any>(item).map(([method, operation]) => ({ path, method, operation })),
    );
  const named = (type: string, end: string) => plan.ofType(type).find(({ name }) => name.endsWith(end))!;
  const statementsOf = (role: string): any[] =>
    plan.where(POLICY, { role }).flatMap(({ inputs }) => JSON.parse(inputs["policy"]).Statement);

  it("need a token on every route but those of health checks, preflight requests and documents", () => {
    const isDocument = (path: string) => /^\/docs|\/openapi\.json$/.test(path);
    const documents = operations().filter(({ path, method }) => method === "get" && isDocument(path));
    assert.ok(documents.length > 4 && documents.every(({ operation }) => operation.security.length === 0));
    const open = operations().filter(
      ({ path, operation }) => (operation.security ?? []).length === 0 && !isDocument(path),
    );
    assert.deepEqual(
      [...new Set(open.map(({ path, method }) => `${method} ${path.replace(/^\/[^/]+/, "")}`))].sort(),
      [
        ...["get /healthz", "get /healthz/region"],
        ...new Set(
          open
            .filter(({ method }) => method === "options")
            .map(({ path }) => `options ${path.replace(/^\/[^/]+/, "")}`),
        ),
      ].sort(),
    );
    assert.equal(definition["x-amazon-apigateway-api-key-source"], "AUTHORIZER");
  });

  it("ask for a key on every route that needs a token, so that each request counts against a plan, but for what is used", () => {
    const needToken = operations().filter(({ operation }) => (operation.security ?? []).length > 0);
    const [usage, ...none] = needToken.filter(({ path }) => path === "/usage");
    assert.deepEqual([usage!.method, usage!.operation.security, none], ["get", [{ tenant: [] }], []]);
    const secured = needToken.filter((each) => each !== usage);
    assert.ok(secured.length > 5);
    for (const { path, method, operation } of secured) {
      assert.deepEqual(operation.security, [{ tenant: [], apiKey: [] }], `${method} ${path}`);
    }
    const { apiKey } = definition.components.securitySchemes;
    assert.deepEqual(apiKey, { type: "apiKey", name: "x-api-key", in: "header" });
  });

  it("have their decision cached by the Authorization header, for a minute at most", () => {
    const authorizer = definition.components.securitySchemes.tenant["x-amazon-apigateway-authorizer"];
    assert.deepEqual(
      [authorizer.type, authorizer.identitySource, authorizer.authorizerResultTtlInSeconds],
      ["request", "method.request.header.Authorization", 60],
    );
    const alias = plan.ofType("aws:lambda/alias:Alias").find(({ name }) => name === "eu-west-1-authorizer-alias")!;
    assert.equal(authorizer.authorizerUri, alias.outputs["invokeArn"]);
  });

  it("are named to services by the gateway, in place of what a client sends", () => {
    const integrations = operations()
      .filter(({ operation }) => (operation.security ?? []).length > 0)
      .map(({ operation }) => operation["x-amazon-apigateway-integration"])
      .filter(({ connectionType }) => connectionType === "VPC_LINK");
    assert.ok(integrations.length > 3);
    for (const { requestParameters } of integrations)
      assert.equal(requestParameters["integration.request.header.x-tenant-id"], "context.authorizer.tenant");
  });

  it("have a usage plan per tier, with rate and burst, quota, and limits of single routes", () => {
    const plans = plan.ofType(PLAN).map(({ inputs }) => inputs);
    assert.deepEqual(
      plans.map(({ throttleSettings, quotaSettings }) => [throttleSettings, quotaSettings]),
      [
        [
          { rateLimit: 10, burstLimit: 20 },
          { limit: 10_000, period: "DAY" },
        ],
        [{ rateLimit: 200, burstLimit: 400 }, undefined],
      ],
    );
    const stage = plan.one("aws:apigateway/stage:Stage", {}).inputs["stageName"];
    assert.deepEqual(
      plans.map(({ apiStages }) => apiStages[0].stage),
      [stage, stage],
    );
    assert.deepEqual(plans[1]!["apiStages"][0].throttles, [
      { path: "/shipping/shipments/{id}/PUT", rateLimit: 50, burstLimit: 60 },
    ]);
  });

  it("are admitted by a function that may read the secret and nothing else", () => {
    const { inputs } = named(FUNCTION, "-authorizer");
    const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === inputs["role"])!;
    const secret = plan.one(SECRET, {}).outputs["arn"];
    const actions = statementsOf(role.outputs["name"]).map(({ Action, Resource }) => [Action, Resource]);
    assert.deepEqual(actions[0], [["secretsmanager:GetSecretValue"], secret]);
    assert.deepEqual(
      actions.slice(1).flatMap(([action]) => action),
      ["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    );
    const { TENANT_SECRET_ID, ROUTES, CLIENT_IDS } = inputs["environment"].variables;
    assert.equal(TENANT_SECRET_ID, secret);
    assert.deepEqual(JSON.parse(ROUTES)["shipping/write"], [
      "PUT /shipping/shipments/{id}",
      "POST /shipping/shipments",
      "POST /shipping/pickups",
    ]);
    assert.equal(CLIENT_IDS.split(",").length, 2);
  });

  it("have a secret without a value in the program, and an authorizer that only this API may invoke", () => {
    assert.equal(plan.ofType("aws:secretsmanager/secretVersion:SecretVersion").length, 0);
    const permission = named(PERMISSION, "-authorizer-api-permission").inputs;
    assert.equal(permission["sourceArn"], `${plan.one(API, {}).outputs["executionArn"]}/authorizers/*`);
    assert.equal(permission["qualifier"], "live");
  });

  it("are written into access tokens by a trigger that may read one item of the members' table", () => {
    const pool = plan.one(POOL, {});
    const { lambdaArn, lambdaVersion } = pool.inputs["lambdaConfig"].preTokenGenerationConfig;
    const alias = plan
      .ofType("aws:lambda/alias:Alias")
      .find(({ name }) => name.includes("identity-pre-token-generation"))!;
    assert.deepEqual([lambdaArn, lambdaVersion], [alias.outputs["arn"], "V3_0"]);
    const permission = named(PERMISSION, "-identity-pre-token-generation-permission").inputs;
    assert.deepEqual(
      [permission["principal"], permission["sourceArn"]],
      ["cognito-idp.amazonaws.com", pool.outputs["arn"]],
    );
    const table = plan.ofType(TABLE).find(({ name }) => name.endsWith("-tenants-members"))!;
    const trigger = named(FUNCTION, "-identity-pre-token-generation");
    const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === trigger.inputs["role"])!;
    const [first, ...others] = statementsOf(role.outputs["name"]);
    assert.deepEqual([first.Action, first.Resource], [["dynamodb:GetItem"], table.outputs["arn"]]);
    assert.deepEqual(
      others.flatMap(({ Action }) => Action),
      ["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    );
    assert.equal(trigger.inputs["environment"].variables.MEMBERS_TABLE, table.outputs["name"]);
  });

  it("learn what they have used from a function that may read their plans, and that this API's stage alone may ask", () => {
    const { inputs } = named(FUNCTION, "-tenant-usage-function");
    const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === inputs["role"])!;
    const table = named(TABLE, "-tenant-usage-table");
    const statements = statementsOf(role.outputs["name"]);
    const plans = "arn:aws:apigateway:eu-west-1::/usageplans";
    const ids = plan.ofType(PLAN).map(({ outputs }) => outputs["id"]);
    assert.deepEqual(
      statements
        .filter(({ Action }) => /^(apigateway|dynamodb)/.test([Action].flat()[0]))
        .map(({ Action, Resource }) => [Action, Resource]),
      [
        [["apigateway:GET"], ids.flatMap((id) => [`${plans}/${id}/keys`, `${plans}/${id}/usage`])],
        [["dynamodb:GetItem", "dynamodb:UpdateItem"], table.outputs["arn"]],
        [["apigateway:GET"], plans],
      ],
    );
    const { variables } = inputs["environment"];
    assert.deepEqual([variables.USAGE_TABLE, variables.ENVIRONMENT], [table.outputs["name"], "dev"]);
    assert.deepEqual(
      plan.ofType(PLAN).map((each) => each.inputs["tags"].tier),
      ["free", "premium"],
    );
    const permission = named(PERMISSION, "-rest-usage-permission").inputs;
    const api = plan.one(API, {}).outputs["executionArn"];
    assert.equal(permission["sourceArn"], `${api}/live/GET/usage`);
    const ttl = table.inputs["ttl"];
    assert.deepEqual([ttl.enabled, ttl.attributeName, table.inputs["replicas"]], [true, "removeAt", undefined]);
    const { ROUTES } = named(FUNCTION, "-authorizer").inputs["environment"].variables;
    assert.ok(JSON.parse(ROUTES)[""].includes("GET /usage"));
  });

  it("raise an alarm when the authorizer, the trigger or what tells them their use logs errors", () => {
    const topics = plan.ofType("aws:sns/topic:Topic").map(({ outputs }) => outputs["arn"]);
    for (const of of ["authorizer", "identity-pre-token-generation", "tenant-usage-function"]) {
      const end = `eu-west-1-${of}-errors`;
      const { inputs } = plan.ofType(ALARM).find(({ name }) => name === end)!;
      assert.ok(topics.includes(inputs["alarmActions"][0]));
    }
  });

  it("have their members in both regions of prod, protected, and a secret and plans in each", async () => {
    const prod = await plannedWith("prod");
    const members = prod.ofType(TABLE).find(({ name }) => name.endsWith("-tenants-members"))!;
    assert.deepEqual(
      members.inputs["replicas"].map(({ regionName }: any) => regionName),
      ["eu-central-1"],
    );
    assert.equal(members.inputs["deletionProtectionEnabled"], true);
    assert.deepEqual(
      prod
        .ofType(SECRET)
        .map(({ region }) => region)
        .sort(),
      ["eu-central-1", "eu-west-1"],
    );
    assert.equal(prod.ofType(PLAN).length, 4);
  });
});
