import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { planned, replanned } from "../../conformance/plans";
import { allows } from "../account/allows";
import { boundaryOf, deployStatements, planAccount } from "../account/fixture";

const using = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"];
const through = (awsService: string) => ({
  "aws:requestedregion": "eu-west-1",
  "kms:viaservice": `${awsService}.eu-west-1.amazonaws.com`,
});

/** Statements of every role that may read a table, with the role's region. */
function readers(plan: GraphIndex): { region: string; name: string; statements: any[] }[] {
  return plan
    .ofType("aws:iam/rolePolicy:RolePolicy")
    .map(({ region, name, inputs }) => ({
      region: region!,
      name,
      statements: JSON.parse(inputs["policy"]).Statement as any[],
    }))
    .filter(({ statements }) => statements.some(({ Action }) => [Action].flat().includes("dynamodb:GetItem")));
}

describe("tables under a customer key", () => {
  let plan: GraphIndex;
  let tables: readonly PlannedResource[];
  /** ARN of the key by region. */
  let keys: Record<string, string>;
  before(async () => {
    plan = await replanned("prod", (config) => {
      config.tableKey = "customer";
    });
    tables = plan.ofType("aws:dynamodb/table:Table");
    const key = plan.one("aws:kms/key:Key", { description: "Encrypts the tables of the services" });
    const replica = plan.one("aws:kms/replicaKey:ReplicaKey", {});
    assert.equal(replica.inputs["primaryKeyArn"], key.outputs["arn"]);
    keys = { "eu-west-1": key.outputs["arn"], "eu-central-1": replica.outputs["arn"] };
  });

  it("are encrypted by one multi-Region key that is rotated, each replica by the key's replica in its region", () => {
    const { inputs, protect } = plan.one("aws:kms/key:Key", { description: "Encrypts the tables of the services" });
    assert.deepEqual([inputs["multiRegion"], inputs["enableKeyRotation"], protect], [true, true, true]);
    assert.ok(tables.length >= 4);
    for (const { name, inputs: table } of tables) {
      assert.deepEqual(table["serverSideEncryption"], { enabled: true, kmsKeyArn: keys["eu-west-1"] }, name);
      const [replica] = table["replicas"];
      assert.deepEqual([replica.regionName, replica.kmsKeyArn], ["eu-central-1", keys["eu-central-1"]], name);
    }
  });

  it("let their callers use the key of their region, through DynamoDB only", () => {
    const own = readers(plan);
    assert.ok(own.length >= 8, String(own.length));
    for (const { region, name, statements } of own) {
      for (const action of using) {
        assert.ok(allows(statements, action, keys[region]!, through("dynamodb")), `${name}: ${action}`);
        assert.ok(!allows(statements, action, keys[region]!, through("s3")), `${name}: ${action} through S3`);
        assert.ok(!allows(statements, action, keys[region]!), `${name}: ${action} directly`);
      }
    }
  });

  it("are within the boundary of roles, and can be made by the deploy role", async () => {
    const account = await planAccount();
    for (const action of using) {
      assert.ok(allows(boundaryOf(account), action, keys["eu-west-1"]!, through("dynamodb")), action);
      assert.ok(!allows(boundaryOf(account), action, keys["eu-west-1"]!, through("s3")), action);
      assert.ok(allows(deployStatements(account), action, keys["eu-west-1"]!, through("dynamodb")), action);
    }
    assert.ok(allows(deployStatements(account), "kms:CreateGrant", keys["eu-west-1"]!, through("dynamodb")));
    assert.ok(!allows(deployStatements(account), "kms:CreateGrant", keys["eu-west-1"]!, through("s3")));
    const linked = "arn:aws:iam::123456789012:role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForIt";
    const forKeys = { "iam:awsservicename": "mrk.kms.amazonaws.com" };
    assert.ok(allows(deployStatements(account), "iam:CreateServiceLinkedRole", linked, forKeys));
    assert.ok(allows(deployStatements(account), "kms:ReplicateKey", keys["eu-west-1"]!, through("dynamodb")));
    assert.ok(!allows(boundaryOf(account), "kms:CreateGrant", keys["eu-west-1"]!, through("dynamodb")));
  });

  it("are not those of an environment that does not ask for it", async () => {
    const plain = await planned("prod");
    assert.deepEqual(plain.ofType("aws:kms/replicaKey:ReplicaKey"), []);
    for (const { inputs } of plain.ofType("aws:dynamodb/table:Table"))
      assert.deepEqual(inputs["serverSideEncryption"], { enabled: true });
    for (const { name, statements } of readers(plain)) assert.doesNotMatch(JSON.stringify(statements), /kms:/, name);
  });

  it("need no replica of the key in an environment of one region", async () => {
    const dev = await replanned("dev", (config) => {
      config.tableKey = "customer";
    });
    const { inputs } = dev.one("aws:kms/key:Key", { description: "Encrypts the tables of the services" });
    assert.equal(inputs["multiRegion"], false);
    assert.deepEqual(dev.ofType("aws:kms/replicaKey:ReplicaKey"), []);
  });
});
