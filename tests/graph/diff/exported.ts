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
  const starts = graph.resources.flatMap(({ type, name }) => {
    const made = new NewResource(type, name, {}, "");
    return [`${made.hex(7)}[0-9a-f]*`, `${made.letters(6)}[a-p]*`];
  });
  const madeUp = new RegExp(`(?<![a-z0-9])(_?)(Z?)(${starts.join("|")})`, "gi");
  const text = JSON.stringify(graph).replace(
    madeUp,
    (_, line: string, zone: string, part: string) => line + zone + [...part].reverse().join(""),
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
