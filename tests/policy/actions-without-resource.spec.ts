import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { actionsWithoutResource } from "../../policy/stack/actions-without-resource";
import { takesNoResource } from "../../policy/stack/policies-of";
import { type ActionFacts, render, withoutResource } from "./refresh/actions-without-resource";

const action = (name: string, resources = 0, accessLevel = "Write"): ActionFacts => ({
  name,
  accessLevel,
  resourceTypes: Array.from({ length: resources }, () => ({})),
});

describe("policy: the extract of actions that take no resource", () => {
  it("names single actions, and a verb whose actions all take none", () => {
    const actions = [action("GetItem", 1), action("GetToken"), action("ListA"), action("ListB"), action("PutA")];
    assert.deepEqual(withoutResource(actions), ["GetToken", "List*", "PutA"]);
  });

  it("names a verb that only reads when one of ten of its actions takes a resource", () => {
    const reads = Array.from({ length: 10 }, (_, i) => action(`Describe${i}`, i === 0 ? 1 : 0, "List"));
    assert.deepEqual(withoutResource(reads), ["Describe*"]);
    const writes = Array.from({ length: 10 }, (_, i) => action(`Put${i}`, i === 0 ? 1 : 0));
    assert.equal(withoutResource(writes).length, 9);
    const [first, second, ...others] = reads;
    assert.equal(withoutResource([first!, { ...second!, resourceTypes: [{}] }, ...others]).length, 8);
  });

  it("names the first words of actions that all take none, where no other action begins with them", () => {
    const reserved = [action("DescribeReservedCapacity"), action("DescribeReservedCapacityOfferings")];
    assert.deepEqual(withoutResource([action("DescribeTable", 1), ...reserved]), ["DescribeReserved*"]);
    const users = [action("DeleteUser"), action("DeleteUserAttributes"), action("DeleteUserPool", 1)];
    assert.deepEqual(withoutResource(users), ["DeleteUser", "DeleteUserAttributes"]);
    const inside = [action("GetA"), action("GetB"), action("GetterOf", 1)];
    assert.deepEqual(withoutResource(inside), ["GetA", "GetB"]);
  });

  it("says it of a whole service", () => {
    assert.deepEqual(withoutResource([action("A"), action("B")]), ["*"]);
  });

  it("has the form that the script writes, and says of what day it is", () => {
    const path = join(projectRoot, "policy/stack/actions-without-resource.ts");
    const written = readFileSync(path, "utf8");
    const [, version = "", date = ""] = /iam-data (\S+), as .* was on (\d{4}-\d\d-\d\d)\./.exec(written) ?? [];
    const table = new Map(Object.entries(actionsWithoutResource).map(([key, names]) => [key, names.split(" ")]));
    const flat = (text: string) => text.replace(/:\s+"/g, ': "'); // where the formatter breaks lines
    assert.ok(flat(written) === flat(render(version, date, table)), "run the script again, then the formatter");
    assert.ok(table.size > 45, `${table.size} services`);
  });

  it("is read without regard to upper case, and refuses what it does not know", () => {
    for (const one of ["ec2:DescribeVpcs", "EC2:describevpcs", "ec2:DescribeVpc*", "ssmmessages:OpenDataChannel"])
      assert.ok(takesNoResource(one), one);
    for (const one of ["ec2:*", "ec2:RunInstances", "ec2", "", "constructor:name", "unknown:List", "s3:*"])
      assert.ok(!takesNoResource(one), one);
  });
});
