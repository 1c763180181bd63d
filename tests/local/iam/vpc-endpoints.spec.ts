import assert from "node:assert/strict";
import { GraphIndex } from "../../../graph/model";
import { Access, AccessDenied } from "../../../local/iam/access";
import { readRoleDocuments, rolesOf } from "../../../local/iam/planned-roles";
import { RoleSessions } from "../../../local/sts/role-sessions";
import { planned } from "../../conformance/plans";
import { sign } from "./sigv4/signer";

/** dev, in which the policy of an endpoint is another one. */
async function withPolicy(service: string, change: (policy: any) => void): Promise<GraphIndex> {
  const { graph } = await planned("dev");
  const resources = graph.resources.map((each) => {
    if (each.type !== "aws:ec2/vpcEndpoint:VpcEndpoint" || !each.outputs["serviceName"].endsWith(`.${service}`))
      return each;
    const policy = JSON.parse(each.outputs["policy"]);
    change(policy);
    return { ...each, outputs: { ...each.outputs, policy: JSON.stringify(policy) } };
  });
  return new GraphIndex({ ...graph, resources });
}

/** Asks DynamoDB as a role. @returns "allowed", or the message of the denial */
async function ask(index: GraphIndex, role: string, region = "eu-west-1"): Promise<string> {
  const documents = readRoleDocuments(index);
  const { arn } = documents.find(({ name }) => name.includes(role))!;
  const sessions = new RoleSessions(rolesOf(documents));
  const table = index.ofType("aws:dynamodb/table:Table").find(({ name }) => role.startsWith(name.split("-data-")[1]!))!;
  const headers = { host: "127.0.0.1" };
  const keys = { ...sessions.open(arn), service: "dynamodb", region, at: new Date() };
  const request = await sign({ method: "POST", path: "/", headers }, keys);
  const asked = [{ action: "dynamodb:GetItem", resource: table.outputs["arn"] }];
  try {
    new Access(sessions.find).check(request, "dynamodb", () => asked);
    return "allowed";
  } catch (error) {
    assert.ok(error instanceof AccessDenied, String(error));
    return error.message;
  }
}

describe("policies of VPC endpoints, for calls of AWS APIs", () => {
  const [server, outside] = ["food-store-role", "pet-store-role"];

  it("let through what the planned endpoints let through", async () => {
    const index = await planned("dev");
    assert.equal(await ask(index, server), "allowed");
    assert.equal(await ask(index, outside), "allowed");
  });

  it("refuse the calls of servers, and not those of functions outside the VPC, which use no endpoint", async () => {
    const index = await withPolicy("dynamodb", (policy) => {
      policy.Statement[0].Condition.StringEquals["aws:PrincipalAccount"] = "111122223333";
    });
    assert.match(await ask(index, server), /because no VPC endpoint policy allows the dynamodb:GetItem action$/);
    assert.equal(await ask(index, outside), "allowed");
  });

  it("are not asked about calls of another region, as an endpoint leads to its own", async () => {
    const index = await withPolicy("dynamodb", (policy) => {
      policy.Statement.push({ Effect: "Deny", Principal: "*", Action: "dynamodb:GetItem", Resource: "*" });
    });
    assert.equal(await ask(index, server, "eu-central-1"), "allowed");
    assert.match(await ask(index, server), /in a VPC endpoint policy$/);
  });

  it("deny by statements of their own", async () => {
    const index = await withPolicy("dynamodb", (policy) => {
      policy.Statement.push({ Effect: "Deny", Principal: "*", Action: "dynamodb:GetItem", Resource: "*" });
    });
    assert.match(await ask(index, server), /with an explicit deny in a VPC endpoint policy$/);
  });

  it("are those of the service that is called", async () => {
    const index = await withPolicy("s3", (policy) => {
      policy.Statement = [{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }];
    });
    assert.equal(await ask(index, server), "allowed");
  });
});
