import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import { GraphIndex } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { withCalls, withoutCalls } from "../../conformance/plans";
import { changedValues } from "../../helpers/configuration";

const API = "aws:apigateway/restApi:RestApi";
const DEPLOYMENT = "aws:apigateway/deployment:Deployment";
const domain = "internal.dev.example.com";

async function planned(stack: string, change: (config: any) => void = () => {}): Promise<GraphIndex> {
  return new GraphIndex(await planStack(stack, { config: changedValues(stack.split("-")[0]!, change) }));
}

const fromBase64 = (text = "") => Buffer.from(text, "base64").toString();
const callerAs = (pattern: string) => (config: any) => {
  config.services["price-calculator"].pattern = pattern;
};

describe("the private API", () => {
  let plan: GraphIndex;
  let document: any;
  before(async () => {
    plan = await planned("dev");
    document = JSON.parse(plan.one(API, {}).inputs["body"]);
  });
  const endpoint = () => plan.graph.resources.find(({ name }) => name === "eu-west-1-network-endpoints-execute-api")!;
  const roleOf = (name: string) => plan.graph.resources.find((each) => each.name === name)!;

  it("does not exist while no service calls another", async () => {
    const none = await withoutCalls(() => planned("dev"));
    assert.deepEqual(
      [none.ofType(API), none.graph.resources.filter(({ name }) => name.includes("execute-api"))],
      [[], []],
    );
  });

  it("is refused when the environment turns a called route off", async () => {
    const off = planned("dev", (config) => {
      config.services["food-store"].routes = { "get-food": { enabled: false } };
    });
    await assert.rejects(
      off,
      /platform:services\.food-store\.routes\.get-food\.enabled must not be false, as price-calculator calls the route, got false; turn it on/,
    );
  });

  it("has the called routes and no other, each of which demands a signature", () => {
    const methods = Object.entries<any>(document.paths).flatMap(([path, item]) =>
      Object.entries<any>(item).map(([method, { security }]) => [method, path, security]),
    );
    assert.deepEqual(methods, [
      ["get", "/food-store/foods/{id}", [{ iam: [] }]],
      ["get", "/pet-store/pets/{id}", [{ iam: [] }]],
    ]);
    const { iam } = document.components.securitySchemes;
    assert.deepEqual([iam.name, iam["x-amazon-apigateway-authtype"]], ["Authorization", "awsSigv4"]);
  });

  it("allows the callers' roles their routes, and denies all others by name and by endpoint", () => {
    const role = roleOf("eu-west-1-price-calculator-role").outputs["arn"];
    const denied = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
    assert.deepEqual(document["x-amazon-apigateway-policy"].Statement, [
      {
        Effect: "Allow",
        Principal: { AWS: role },
        Action: "execute-api:Invoke",
        Resource: ["execute-api:/live/GET/food-store/foods/*", "execute-api:/live/GET/pet-store/pets/*"],
      },
      { ...denied, Condition: { StringNotEquals: { "aws:PrincipalArn": [role] } } },
      { ...denied, Condition: { StringNotEquals: { "aws:SourceVpce": endpoint().outputs["id"] } } },
    ]);
  });

  it("is reached through the endpoint alone, at a name of its own in the VPC", () => {
    const api = plan.one(API, {});
    const vpcEndpointIds = [endpoint().outputs["id"]];
    assert.deepEqual(api.inputs["endpointConfiguration"], { types: "PRIVATE", vpcEndpointIds });
    assert.deepEqual(document["x-amazon-apigateway-endpoint-configuration"], { vpcEndpointIds });
    assert.deepEqual([endpoint().inputs["privateDnsEnabled"], api.inputs["disableExecuteApiEndpoint"]], [false, true]);
    const name = plan.one("aws:apigateway/domainName:DomainName", {});
    assert.deepEqual([name.inputs["domainName"], name.inputs["endpointConfiguration"]], [domain, { types: "PRIVATE" }]);
    const policy = JSON.parse(name.inputs["policy"]).Statement;
    assert.deepEqual(policy[1].Condition, { StringNotEquals: { "aws:SourceVpce": vpcEndpointIds[0] } });
    const association = plan.one("aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation", {}).inputs;
    assert.deepEqual(
      [association["accessAssociationSource"], association["domainNameArn"]],
      [vpcEndpointIds[0], name.outputs["arn"]],
    );
    const mapping = plan.one("aws:apigateway/basePathMapping:BasePathMapping", {}).inputs;
    assert.deepEqual([mapping["restApi"], mapping["stageName"]], [api.outputs["id"], "live"]);
    assert.equal(mapping["domainNameId"], name.outputs["domainNameId"]);
  });

  it("is found by a private zone of the whole name, which hides no other name", () => {
    const [zone, ...others] = plan.ofType("aws:route53/zone:Zone").filter(({ inputs }) => inputs["vpcs"]?.length > 0);
    assert.deepEqual([zone!.inputs["name"], others], [domain, []]);
    const [record] = plan.where("aws:route53/record:Record", { zoneId: zone!.outputs["zoneId"] });
    const [{ dnsName, hostedZoneId }] = endpoint().outputs["dnsEntries"];
    const [{ name, zoneId }] = record!.inputs["aliases"];
    assert.deepEqual([name, zoneId], [dnsName, hostedZoneId]);
  });

  it("lets the role of each caller invoke its routes, by stage, method and path", () => {
    const { executionArn } = plan.one(API, {}).outputs;
    const grant = roleOf("eu-west-1-private-price-calculator-calls").inputs;
    assert.equal(grant["role"], roleOf("eu-west-1-price-calculator-role").outputs["name"]);
    assert.deepEqual(JSON.parse(grant["policy"]).Statement, [
      {
        Effect: "Allow",
        Action: ["execute-api:Invoke"],
        Resource: [`${executionArn}/live/GET/food-store/foods/*`, `${executionArn}/live/GET/pet-store/pets/*`],
      },
    ]);
  });

  it("is deployed anew when others may call the same routes, and for nothing else of it", async () => {
    const hash = (index: GraphIndex) => index.one(DEPLOYMENT, {}).inputs["triggers"].definition;
    const other = await withCalls({ shipping: catalog["price-calculator"].calls }, () => planned("dev"));
    const throttled = await planned("dev", (config) => {
      config.throttle.rate = 7;
    });
    assert.notEqual(hash(other), hash(plan));
    assert.equal(hash(throttled), hash(plan));
  });

  it("reaches servers in Cloud Map through the forwarder, which only this API may invoke", () => {
    const forwarder = roleOf("eu-west-1-rest-forwarder");
    const permitted = plan
      .ofType("aws:lambda/permission:Permission")
      .filter(({ inputs }) => String(inputs["function"]).includes(String(forwarder.outputs["name"])));
    const { executionArn } = plan.one(API, {}).outputs;
    assert.deepEqual(
      permitted.map(({ inputs }) => inputs["sourceArn"]),
      [`${executionArn}/live/*`],
    );
  });

  for (const pattern of ["ec2", "ecs", "beanstalk", "lambda"]) {
    it(`is called by the role of code under ${pattern}, which knows its name`, async () => {
      const index = await planned("dev", callerAs(pattern));
      const own = index.graph.resources.filter(({ urn }) => urn.includes("price-calculator"));
      const text = JSON.stringify(own.map(({ inputs: { userData, ...inputs } }) => [fromBase64(userData), inputs]));
      assert.ok(text.includes(`https://${domain}`) && text.includes("PRIVATE_API_URL"), pattern);
      const grant = index.graph.resources.find(({ name }) => name === "eu-west-1-private-price-calculator-calls")!;
      const role = index.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["name"] === grant.inputs["role"])!;
      const body = JSON.parse(index.one(API, {}).inputs["body"]);
      const [allowed] = body["x-amazon-apigateway-policy"].Statement;
      assert.equal(allowed.Principal.AWS, role.outputs["arn"]);
      const inVpc = index
        .ofType("aws:lambda/function:Function")
        .filter(({ name, inputs }) => name === "eu-west-1-price-calculator-function" && inputs["vpcConfig"]);
      assert.equal(inVpc.length, pattern === "lambda" ? 1 : 0);
    });
  }

  it("is made from the outputs of the stacks that own network and compute", async () => {
    const edge = await planned("prod-edge.eu-west-1");
    const { Statement } = JSON.parse(edge.one(API, {}).inputs["body"])["x-amazon-apigateway-policy"];
    const compute = await planned("prod-compute.eu-west-1");
    const { role } = compute.graph.outputs["compute"]["eu-west-1"]["price-calculator"];
    assert.equal(Statement[0].Principal.AWS, role.arn);
  });
});
