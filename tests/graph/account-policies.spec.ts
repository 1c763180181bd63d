import assert from "node:assert/strict";
import { AccessMatrix } from "../../graph/access/matrix";
import { withAccountPolicies } from "../../graph/account-policies";
import { GraphIndex } from "../../graph/model";
import { Access } from "../../local/iam/access";
import { readRoleDocuments, rolesOf } from "../../local/iam/planned-roles";
import { RoleSessions } from "../../local/sts/role-sessions";
import { planned, replanned } from "../conformance/plans";
import { sign } from "../local/iam/sigv4/signer";

const boundary = "arn:aws:iam::123456789012:policy/platform-boundary";

describe("the account's boundary in a plan", () => {
  let index: GraphIndex;
  before(async () => {
    const { graph } = await replanned("dev", (config) => {
      config.roles = { permissionsBoundary: boundary };
    });
    assert.equal(new GraphIndex(graph).arn(boundary), undefined);
    index = new GraphIndex(await withAccountPolicies(graph));
  });

  it("is the one that account/ makes, and is not added where no role has it", async () => {
    assert.match(index.arn(boundary)!.outputs["policy"], /"dynamodb:\*"/);
    const { graph } = await planned("dev");
    assert.equal(await withAccountPolicies(graph), graph);
  });

  it("limits what roles may do on this machine, even if their own policies allow more", async () => {
    const documents = readRoleDocuments(index).map((role) => {
      assert.ok(role.boundary !== undefined, role.name);
      const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
      return { ...role, identity: [everything] };
    });
    const service = documents.find(({ name }) => name.includes("food-store-role"))!;
    const sessions = new RoleSessions(rolesOf(documents));
    const access = new Access(sessions.find);
    const keys = sessions.open(service.arn);
    const ask = async (action: string, resource: string) => {
      const host = "127.0.0.1";
      const request = await sign(
        { method: "POST", path: "/", headers: { host } },
        { ...keys, service: "sts", at: new Date() },
      );
      access.check(request, "sts", () => [{ action, resource }]);
    };
    await ask("dynamodb:DescribeTable", "arn:aws:dynamodb:eu-west-1:123456789012:table/a");
    const user = "User: arn:aws:sts::123456789012:assumed-role/";
    await assert.rejects(ask("iam:CreateUser", "arn:aws:iam::123456789012:user/a"), (error: Error) => {
      assert.ok(error.message.startsWith(user), error.message);
      return /because no permissions boundary allows the iam:CreateUser action$/.test(error.message);
    });
  });

  it("lets the callers of the private API in, as the table of access says", () => {
    const matrix = new AccessMatrix(index.graph);
    const route = matrix.routes.find(({ gateway }) => gateway === "private")!;
    const admitted = matrix.subjects.filter((each) => matrix.decide(route, each).result === "admitted");
    assert.deepEqual(
      admitted.map((each) => each.kind),
      ["role"],
    );
  });
});
