import assert from "node:assert/strict";
import { serviceNames } from "../../apps/catalog";
import { AccessMatrix } from "../../graph/access/matrix";
import { policyEffect } from "../../graph/access/policy-statements";
import { renderAccess } from "../../graph/access/render";
import type { Graph } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import { planned, plannedWithTenants } from "../conformance/plans";

/** Returns who a route admits, as `<identity>, <tenant>, <state>`. */
function admittedBy(graph: Graph, gateway: string, method: string, path: string): string[] {
  const { subjects, routes } = new AccessMatrix(graph).toJSON();
  const route = routes.find((each) => each.gateway === gateway && each.method === method && each.path === path)!;
  return route.admitted.map((id) => {
    const { identity, tenant, state } = subjects[id]!;
    return [identity, tenant, state].filter((each) => each !== undefined).join(", ");
  });
}

const food = "/food-store/foods/{id}";
const caller = "service price-calculator of eu-west-1, valid";

/** A plan whose private API has other policies. */
function withPolicies(graph: Graph, change: (policies: { api: any; domain: any; endpoint: any }) => void): Graph {
  const resources = structuredClone(graph.resources) as any[];
  const find = (type: string, part: string) =>
    resources.find((each) => each.type === type && each.name.includes(part)).outputs;
  const api = find("aws:apigateway/restApi:RestApi", "private");
  const domain = find("aws:apigateway/domainName:DomainName", "private");
  const endpoint = resources.find(
    ({ type, outputs }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint" && /execute-api$/.test(outputs.serviceName),
  ).outputs;
  const document = JSON.parse(api.body);
  const own = { domain: JSON.parse(domain.policy), endpoint: JSON.parse(endpoint.policy) };
  change({ api: document["x-amazon-apigateway-policy"], ...own });
  api.body = JSON.stringify(document);
  domain.policy = JSON.stringify(own.domain);
  endpoint.policy = JSON.stringify(own.endpoint);
  return { ...graph, resources };
}

describe("the table of who may call what", () => {
  let graph: Graph;
  let tenants: Graph;
  before(async () => {
    ({ graph } = await planned("dev"));
    ({ graph: tenants } = await plannedWithTenants("dev"));
  });

  it("has every route of every gateway", async () => {
    const count = ({ routes }: AccessMatrix, wanted: string) =>
      routes.filter(({ gateway }) => gateway === wanted).length;
    const matrix = new AccessMatrix(tenants);
    const planned = tenants.resources.filter(({ type }) => type === "aws:apigatewayv2/route:Route").length;
    assert.equal(count(matrix, "http"), planned);
    assert.equal(count(matrix, "private"), 2);
    const documents = tenants.resources.filter(({ type }) => type === "aws:apigateway/restApi:RestApi");
    const operations = documents.flatMap(({ outputs }) =>
      Object.values<object>(JSON.parse(outputs["body"]).paths).flatMap((item) => Object.keys(item)),
    );
    assert.equal(count(matrix, "rest") + count(matrix, "private"), operations.length);
  });

  it("admits to a route with a scope the access tokens that have it, and no others", () => {
    const all = serviceNames
      .toSorted()
      .map((name) => `${name}/write`)
      .join(", ");
    const expected = [`access token with food-store/write, none, valid`, `access token with ${all}, none, valid`];
    assert.deepEqual(admittedBy(graph, "http", "PUT", food), expected);
  });

  it("admits to a route of tenants the access tokens of members whose key is on, and no others", () => {
    const admitted = admittedBy(tenants, "rest", "GET", food);
    assert.ok(admitted.length > 1);
    for (const each of admitted) assert.match(each, /^access token.*, active, valid$/);
    for (const each of admittedBy(tenants, "rest", "PUT", food))
      assert.match(each, /food-store\/write.*, active, valid$/);
  });

  it("admits to the private API the role that calls the route, and no other", () => {
    assert.deepEqual(admittedBy(graph, "private", "GET", food), [caller]);
  });

  it("would admit an administrator if the API's policy did not deny every principal that it does not name", () => {
    const open = withPolicies(graph, ({ api }) => {
      api.Statement = api.Statement.filter(({ Condition }: any) => !Condition?.StringNotEquals?.["aws:PrincipalArn"]);
    });
    const admitted = admittedBy(open, "private", "GET", food);
    assert.deepEqual(admitted, [caller, "administrator of the account, valid"]);
  });

  it("admits nothing through another endpoint, or where endpoint or domain do not allow it", () => {
    const changes: ((policies: { api: any; domain: any; endpoint: any }) => void)[] = [
      ({ api }) => {
        for (const { Condition } of api.Statement) {
          if (Condition?.StringNotEquals?.["aws:SourceVpce"])
            Condition.StringNotEquals["aws:SourceVpce"] = "vpce-other";
        }
      },
      ({ domain }) => domain.Statement.shift(),
      ({ endpoint }) => {
        endpoint.Statement[0].Condition.StringEquals["aws:PrincipalAccount"] = "111122223333";
      },
    ];
    for (const change of changes) {
      assert.deepEqual(admittedBy(withPolicies(graph, change), "private", "GET", food), []);
    }
  });

  it("says which condition it cannot evaluate", () => {
    const policy = {
      Statement: {
        Effect: "Allow",
        Action: "*",
        Resource: "*",
        Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
      },
    };
    const call = { principal: "arn:aws:iam::123456789012:role/a", account: "123456789012", resource: "a", context: {} };
    assert.throws(
      () => policyEffect(policy, call, "a policy"),
      (error: Error) => error instanceof UserError && /a policy has Condition\.IpAddress/.test(error.message),
    );
  });

  it("is written as a table for each gateway, with a column for each caller of the private API", () => {
    const lines = renderAccess(new AccessMatrix(tenants)).split("\n");
    const row = (title: string, start: RegExp) =>
      lines
        .slice(lines.indexOf(title))
        .find((line) => start.test(line))!
        .split(/ {2,}/);
    assert.deepEqual(row("HTTP API of eu-west-1", /^PUT +\/food-store/).slice(2), [
      ...["food-store/write", "401", "401", "403", "yes", "403", "yes", "yes or 403", "401"],
    ]);
    assert.deepEqual(row("REST API of eu-west-1", /^GET +\/food-store\/foods\/\{id\}/).slice(2), [
      ...["tenant", "401", "401", "403", "403", "yes", "yes", "403", "401"],
    ]);
    assert.deepEqual(row("private API of eu-west-1", /^GET +\/food-store/).slice(2), [
      ...["signature", "403", "403", "yes", "403", "403"],
    ]);
  });
});
