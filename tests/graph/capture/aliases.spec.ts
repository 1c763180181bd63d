import assert from "node:assert/strict";
import { aliasUrn, childOfAlias, lastOf, urnBelow } from "../../../graph/capture/aliases";

const self = { stack: "dev", project: "platform", type: "aws:sns/topic:Topic", name: "cell-alarms" };
const root = "urn:pulumi:dev::platform::pulumi:pulumi:Stack::platform-dev";
const cell = "urn:pulumi:dev::platform::platform:region:RegionCell::cell";

/** An alias as the SDK sends it. */
const alias = (parts: { urn?: string; [part: string]: string | boolean | undefined }) => ({
  getUrn: () => parts.urn ?? "",
  getSpec: () => ({
    getNoparent: () => parts["noparent"] ?? false,
    getParenturn: () => parts["parent"] ?? "",
    getStack: () => parts["stack"] ?? "",
    getProject: () => parts["project"] ?? "",
    getType: () => parts["type"] ?? "",
    getName: () => parts["name"] ?? "",
  }),
});

describe("the URN of an alias", () => {
  const below = "urn:pulumi:dev::platform::platform:region:RegionCell$aws:sns/topic:Topic::cell-alarms";
  const cases: readonly (readonly [title: string, parts: Parameters<typeof alias>[0], urn: string])[] = [
    ["is the one that is given whole", { urn: "urn:pulumi:a::b::c:d:E::f" }, "urn:pulumi:a::b::c:d:E::f"],
    ["is the resource's own without any part", {}, below],
    ["has the name that differs", { name: "warnings" }, below.replace("cell-alarms", "warnings")],
    [
      "has the type that differs",
      { type: "aws:sqs/queue:Queue" },
      below.replace("aws:sns/topic:Topic", "aws:sqs/queue:Queue"),
    ],
    [
      "has the stack and the project that differ",
      { stack: "prod", project: "shop" },
      below.replace("dev::platform", "prod::shop"),
    ],
    ["is below another parent", { parent: root }, "urn:pulumi:dev::platform::aws:sns/topic:Topic::cell-alarms"],
    ["is below none", { noparent: true, parent: cell }, "urn:pulumi:dev::platform::aws:sns/topic:Topic::cell-alarms"],
  ];
  for (const [title, parts, urn] of cases) it(title, () => assert.equal(aliasUrn(alias(parts), self, cell), urn));

  it("leaves the stack out of the chain of types, and no other parent", () => {
    assert.equal(urnBelow(root, self), urnBelow("", self));
    assert.equal(
      urnBelow(below, { ...self, name: "x" }),
      `${below.split("::").slice(0, 3).join("::")}$${self.type}::x`,
    );
  });

  it("ends in type and name, also when the name has colons", () => {
    assert.deepEqual(lastOf(below), { type: "aws:sns/topic:Topic", name: "cell-alarms" });
    assert.deepEqual(lastOf("urn:pulumi:dev::platform::a:b:C::x::y"), { type: "a:b:C", name: "x::y" });
  });

  it("of a child follows the renaming of its parent when its name begins with the parent's", () => {
    const old = cell.replace(/cell$/, "region");
    assert.equal(childOfAlias(old, "cell", self), below.replace("cell-alarms", "region-alarms"));
    assert.equal(childOfAlias(old, "other", self), below);
    assert.equal(childOfAlias(old, "", self), below);
  });
});
