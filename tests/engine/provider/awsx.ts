import { createHash } from "node:crypto";
import * as grpc from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { calls } from "./calls";
import type { Cloud } from "./cloud";
import { misfits } from "./shapes";
import { fromStruct, type Properties, toStruct, UNKNOWN } from "./values";
import { makeVpc } from "./vpc";

/** A resource that the engine has registered. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
}

/** Registers resources below one component. */
export interface Registrar {
  readonly name: string;
  register(type: string, name: string, inputs: Properties, dependsOn?: readonly Registered[]): Promise<Registered>;
}

/** Outputs of a component, each with the resources it comes from. */
export type Made = Readonly<Record<string, { readonly value: unknown; readonly from: readonly Registered[] }>>;

const components: Readonly<Record<string, (registrar: Registrar, inputs: Properties) => Promise<Made>>> = {
  "awsx:ec2:Vpc": makeVpc,
  // No docker here: the digest is made up from what is to be built, so that the same source has the same image.
  "awsx:ecr:Image": async (_, inputs) => ({
    imageUri: { value: `${inputs["repositoryUrl"]}@sha256:${digest(inputs)}`, from: [] },
  }),
};

function digest({ context, platform }: Properties): string {
  return createHash("sha256").update([context, platform].join()).digest("hex");
}

/** Plays the provider `awsx`: components that register their parts with the engine. */
export function awsxProvider(cloud: Cloud) {
  return calls({
    // The engine wants no component from a provider that does not; a secret would be refused as an odd argument here.
    configure: () => new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true),
    construct: (request: proto.ConstructRequest) => construct(cloud, request),
  });
}

async function construct(cloud: Cloud, request: proto.ConstructRequest): Promise<proto.ConstructResponse> {
  const [type, name, inputs] = [request.getType(), request.getName(), fromStruct(request.getInputs())];
  const make = components[type];
  const problems = misfits(type, inputs).map(({ reason }) => reason);
  if (make === undefined) problems.push(`${type} is no component of the stand-in`);
  if (problems.length > 0) throw new Error(problems.join("; "));
  const options = { "grpc.max_receive_message_length": -1 };
  const monitor = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure(), options);
  try {
    const component = await register(monitor, base(type, name, request.getParent()));
    const provider = request.getProvidersMap().get("aws") ?? "";
    const registrar: Registrar = {
      name,
      register: async (childType, childName, childInputs, dependsOn = []) => {
        const child = base(childType, childName, component.urn).setCustom(true).setObject(toStruct(childInputs));
        child.setProvider(provider).setDependenciesList(dependsOn.map(({ urn }) => urn));
        return register(monitor, child);
      },
    };
    if (type === "awsx:ecr:Image" && !request.getDryrun()) {
      cloud.containerImages.push(component.urn, inputs["repositoryUrl"], inputs["imageTag"]);
    }
    const made = Object.entries(await make!(registrar, inputs));
    const state = toStruct(Object.fromEntries(made.map(([key, { value }]) => [key, value])));
    const done = new resource.RegisterResourceOutputsRequest().setUrn(component.urn).setOutputs(state);
    await new Promise<void>((resolve, reject) =>
      monitor.registerResourceOutputs(done, (error: unknown) => (error ? reject(error) : resolve())),
    );
    const response = new proto.ConstructResponse().setUrn(component.urn).setState(state);
    for (const [key, { from }] of made) {
      const dependencies = new proto.ConstructResponse.PropertyDependencies().setUrnsList(from.map(({ urn }) => urn));
      response.getStatedependenciesMap().set(key, dependencies);
    }
    return response;
  } finally {
    monitor.close();
  }
}

function base(type: string, name: string, parent: string): resource.RegisterResourceRequest {
  return new resource.RegisterResourceRequest().setType(type).setName(name).setParent(parent).setObject(toStruct({}));
}

function register(monitor: ResourceMonitorClient, request: resource.RegisterResourceRequest): Promise<Registered> {
  return new Promise((resolve, reject) =>
    monitor.registerResource(request, (error: unknown, response: resource.RegisterResourceResponse) =>
      // A preview knows no ids.
      error ? reject(error) : resolve({ urn: response.getUrn(), id: response.getId() || UNKNOWN }),
    ),
  );
}
