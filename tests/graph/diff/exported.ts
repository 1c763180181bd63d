import type { Graph, PlannedResource } from "../../../graph/model";
import { NewResource } from "../../../graph/outputs/new-resource";

/** The account that the stack is deployed to. */
export const deployedAccount = "444455556666";

/**
 * The document of `pulumi stack export` for a plan: with ids and names that AWS made up, an account of its own, what the
 * provider fills in, what awsx makes, and a secret that only its key can open.
 */
export function exported(plan: Graph): any {
  const graph = withRealNames(plan);
  const resources = graph.resources.map((resource) => ({
    urn: resource.urn,
    custom: resource.custom,
    type: resource.type,
    ...(resource.custom ? { id: resource.outputs["id"] } : {}),
    // The state has nothing of the inputs of a component that its provider makes.
    inputs: resource.remote ? {} : filledIn(resource),
    outputs: resource.outputs,
    ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    ...(resource.provider === undefined ? {} : { provider: `${resource.provider}::0a1b2c` }),
    dependencies: resource.dependencies,
    propertyDependencies: resource.propertyDependencies,
    protect: resource.protect,
  }));
  const vpc = graph.resources.find(({ type }) => type === "awsx:ec2:Vpc");
  const made = vpc === undefined ? [] : [{ ...below(vpc, "aws:ec2/vpc:Vpc"), custom: true, inputs: {}, outputs: {} }];
  return { version: 3, deployment: { resources: [...resources, ...made] } };
}

function below({ urn, name }: PlannedResource, type: string) {
  const [start, project, chain] = urn.split("::");
  return { urn: `${start}::${project}::${chain}$${type}::${name}`, type, parent: urn };
}

/** Writes the made-up part of every id and name in reverse, and another account. */
function withRealNames(graph: Graph): Graph {
  const made = graph.resources.map(({ type, name }) => new NewResource(type, name, {}, ""));
  const hex = new Set(made.map((each) => each.hex(7)));
  const letters = new Set(made.map((each) => each.letters(6)));
  const reversed = (part: string) => [...part].reverse().join("");
  // Looked up by their starts: an expression with a branch for each of 1,700 resources takes 20 s.
  const text = JSON.stringify(graph).replace(
    /(?<![a-z0-9])(_?Z?)([a-z0-9]{6,})/gi,
    (whole, before: string, word: string) => {
      const [digits = ""] = /^[0-9a-f]*/i.exec(word) ?? [];
      if (hex.has(digits.slice(0, 7).toLowerCase())) return before + reversed(digits) + word.slice(digits.length);
      const [name = ""] = /^[a-p]*/i.exec(word) ?? [];
      if (letters.has(name.slice(0, 6).toLowerCase())) return before + reversed(name) + word.slice(name.length);
      return whole;
    },
  );
  return JSON.parse(text.replaceAll("123456789012", deployedAccount));
}

function filledIn({ type, name, inputs }: PlannedResource): any {
  if (type === "aws:s3/bucket:Bucket") {
    return { forceDestroy: false, bucket: `${name}-0c1d2e3`, ...inputs, __defaults: ["bucket", "forceDestroy"] };
  }
  if (type === "aws:cognito/userPoolClient:UserPoolClient") {
    return {
      ...inputs,
      clientSecret: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" },
    };
  }
  return { ...inputs, __defaults: [] };
}
