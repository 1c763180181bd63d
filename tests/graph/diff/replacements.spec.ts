import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conditionsOf, takesRegion } from "../../../graph/diff/replacement-conditions";
import { isKnown, replacedBy, replacing } from "../../../graph/diff/replacements";
import { projectRoot } from "../../../graph/project-root";
import { inputsOf } from "../../engine/provider/shapes";

type Fields = ReturnType<typeof inputsOf>;
type Shape = ReturnType<Fields[string]["shape"]>;

describe("the table of replacements", () => {
  it("names only inputs that the type's declarations take", () => {
    const wrong = Object.keys(replacing).flatMap((type) =>
      pathsOf(type)
        .filter((path) => !declares(inputsOf(type), path.split(".")))
        .map((path) => `${type}: ${path}`),
    );
    assert.deepEqual(wrong, []);
  });

  // A provider (`aws`) is no resource that AWS could replace.
  it("knows every type that the program makes", () => {
    const types = typesMade(["infra", "stacks"]);
    assert.ok(types.length > 80, `${types.length} types`);
    assert.deepEqual(
      types.filter((type) => type.includes("/") && !isKnown(type)),
      [],
    );
  });

  it("replaces the copy of an image of another digest, whose tag is another, and updates one of another user", () => {
    const copy = (digest: string, username: string) => ({
      sources: [`ghcr.io/acme/notes@sha256:${digest}`],
      tag: `registry.example.com/notes:${digest.slice(0, 12)}-1`,
      registry: { address: "registry.example.com", username },
    });
    const replaced = (after: object) =>
      replacedBy("docker-build:index:Index", copy("1".repeat(64), "AWS"), { ...after });
    assert.deepEqual(replaced(copy("2".repeat(64), "AWS")), ["tag"]);
    assert.deepEqual(replaced(copy("1".repeat(64), "other")), []);
  });

  it("knows which types take a region", () => {
    const wrong = Object.keys(replacing).filter(
      (type) => takesRegion(type) !== Object.hasOwn(inputsOf(type), "region"),
    );
    assert.deepEqual(wrong, []);
  });

  it("names no input twice", () => {
    for (const type of Object.keys(replacing)) {
      const paths = pathsOf(type);
      assert.deepEqual(paths, [...new Set(paths)], type);
    }
  });

  it("sees a change inside an array, and only of what replaces", () => {
    const service = (type: string, ttl: number) => ({
      dnsConfig: { namespaceId: "ns-1", dnsRecords: [{ type, ttl }] },
    });
    const replaced = (after: object) =>
      replacedBy("aws:servicediscovery/service:Service", service("SRV", 10), { ...after });
    assert.deepEqual(replaced(service("SRV", 20)), []);
    assert.deepEqual(replaced(service("A", 10)), ["dnsConfig.dnsRecords.type"]);
  });

  it("replaces what moves to another region, unless the type has none", () => {
    const moved = (type: string) => replacedBy(type, { region: "us-east-1" }, { region: "us-west-2" });
    assert.deepEqual(moved("aws:ec2/vpc:Vpc"), ["region"]);
    assert.deepEqual(moved("aws:iam/role:Role"), []);
  });
});

describe("what replaces only sometimes", () => {
  const replaced = (type: string, olds: object, news: object) => replacedBy(type, { ...olds }, { ...news });

  it("a change of an invocation's input, unless it lives with its resource", () => {
    const changed = (scope: object) =>
      replaced("aws:lambda/invocation:Invocation", { input: "1" }, { input: "2", ...scope });
    assert.deepEqual(changed({}), ["input"]);
    assert.deepEqual(changed({ lifecycleScope: "CRUD" }), []);
  });

  it("a change of a rule's source to another kind", () => {
    const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    assert.deepEqual(replaced(rule, { cidrIpv4: "10.0.0.0/16" }, { cidrIpv4: "10.1.0.0/16" }), []);
    assert.deepEqual(replaced(rule, { cidrIpv4: "10.0.0.0/16" }, { prefixListId: "pl-1" }), [
      "cidrIpv4",
      "prefixListId",
    ]);
  });

  it("fewer subnets of a balancer of networks, not of one of applications", () => {
    const fewer = (loadBalancerType: string) =>
      replaced(
        "aws:lb/loadBalancer:LoadBalancer",
        { loadBalancerType, subnets: ["subnet-1", "subnet-2"] },
        { loadBalancerType, subnets: ["subnet-1"] },
      );
    assert.deepEqual(fewer("network"), ["subnets"]);
    assert.deepEqual(fewer("application"), []);
  });

  it("less warm throughput of a table, not more", () => {
    const table = "aws:dynamodb/table:Table";
    const warm = (readUnitsPerSecond: number) => ({ warmThroughput: { readUnitsPerSecond } });
    assert.deepEqual(replaced(table, warm(20000), warm(12000)), ["warmThroughput.readUnitsPerSecond"]);
    assert.deepEqual(replaced(table, warm(12000), warm(20000)), []);
  });
});

function pathsOf(type: string): string[] {
  return [...replacing[type]!, ...Object.keys(conditionsOf(type))];
}

function declares(fields: Fields, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined || !Object.hasOwn(fields, key)) return false;
  return rest.length === 0 || holds(fields[key]!.shape(), rest);
}

function holds(shape: Shape, path: readonly string[]): boolean {
  switch (shape.kind) {
    case "object":
      return declares(shape.fields, path);
    case "array":
      return holds(shape.item, path);
    case "union":
      return shape.options.some((option) => holds(option, path));
    case "map":
    case "any":
    case "one of":
      return false;
  }
}

/** The resource types of `new <module>.<Class>(` in the sources, whether an environment has them or not. */
function typesMade(folders: readonly string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const made = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(join(projectRoot, file), "utf8");
      const imported = text.matchAll(/import \* as (\w+) from "(@pulumi\/aws(?:\/\w+)?)"/g);
      return [...imported].flatMap(([, name, module]) =>
        [...text.matchAll(new RegExp(`\\bnew ${name}\\.([\\w.]+)\\(`, "g"))].map(([, path]) => typeOf(module!, path!)),
      );
    });
  return [...new Set(made)].sort();
}

function typeOf(module: string, path: string): string {
  const made = path.split(".").reduce((inner, key) => inner?.[key], require(module));
  assert.equal(typeof made?.__pulumiType, "string", `${module} ${path}`);
  return made.__pulumiType;
}
