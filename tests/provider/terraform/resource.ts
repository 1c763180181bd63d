import type { Graph, PlannedResource } from "../../../graph/model";
import type { Block } from "../client/schema";
import { convertInputs, type Problem } from "./convert";
import { renamedArgument, terraformType } from "./types";
import { vpcParts } from "./vpc";

/** A resource that the provider makes: planned by the program, or a part of one of its remote components. */
export interface Resource {
  readonly urn: string;
  /** Pulumi's type. */
  readonly token: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, any>>;
  readonly outputs: Readonly<Record<string, any>>;
  readonly region: string | undefined;
  /** URNs. */
  readonly dependencies: readonly string[];
}

/** A resource as Terraform would write it. */
export interface Rendered {
  readonly resource: Resource;
  /** The provider's type. */
  readonly type: string;
  readonly config: Readonly<Record<string, any>>;
  readonly problems: readonly Problem[];
}

/** Components that are made of other things than AWS resources. */
const elsewhere: Readonly<Record<string, string>> = {
  "awsx:ecr:Image": "an image that Docker builds and pushes",
};

/** Every resource of a plan that the AWS provider makes. @throws {Error} on a remote component that is not understood */
export async function resourcesOf(graph: Graph): Promise<Resource[]> {
  const parts = await Promise.all(
    graph.resources.map(async (planned): Promise<Resource[]> => {
      if (planned.type === "awsx:ec2:Vpc") return vpcParts(planned);
      if (planned.remote && elsewhere[planned.type] === undefined) {
        throw new Error(`${planned.type} "${planned.name}": what it is made of is not known; say it in tests/provider`);
      }
      return planned.custom && !planned.type.startsWith("pulumi:") && !planned.remote ? [own(planned)] : [];
    }),
  );
  return parts.flat();
}

function own({
  urn,
  type,
  name,
  inputs,
  outputs,
  region,
  dependencies,
  propertyDependencies,
}: PlannedResource): Resource {
  const all = new Set([...dependencies, ...Object.values(propertyDependencies).flat()]);
  return { urn, token: type, name, inputs, outputs, region, dependencies: [...all] };
}

/** Renders a resource for the provider's schema, with the name that Pulumi makes up where the program gives none. */
export function renderResource(resource: Resource, blockFor: (type: string) => Block | undefined): Rendered {
  const type = terraformType(resource.token);
  const block = blockFor(type);
  if (block === undefined) {
    return { resource, type, config: {}, problems: [{ path: "", reason: `the provider has no type ${type}` }] };
  }
  const rename = (key: string) => renamedArgument(type, key);
  const { config, problems } = convertInputs(resource.inputs, block, rename);
  const naming = namingArgument(type, block, config);
  const place = block.attributes.some(({ name }) => name === "region") && resource.region !== undefined;
  return {
    resource,
    type,
    config: {
      ...config,
      ...(naming === undefined ? {} : { [naming]: physicalName(resource, naming) }),
      ...(place ? { region: resource.region } : {}),
    },
    problems,
  };
}

/** The argument that Pulumi fills with a name of its own making, unset where there is none or the program fills it. */
function namingArgument(type: string, block: Block, config: Readonly<Record<string, any>>): string | undefined {
  const argument = type === "aws_s3_bucket" ? "bucket" : (renamedArgument(type, "name") ?? "name");
  const attribute = block.attributes.find(({ name }) => name === argument);
  const takesOne = attribute !== undefined && attribute.type === "string" && (attribute.required || attribute.optional);
  return takesOne && config[argument] === null && (config[`${argument}_prefix`] ?? null) === null
    ? argument
    : undefined;
}

/** The plan's, else as Pulumi makes it: the logical name and seven characters. */
function physicalName({ name, outputs }: Resource, argument: string): string {
  return outputs[argument === "bucket" ? "bucket" : "name"] ?? `${name}-0a1b2c3`;
}
