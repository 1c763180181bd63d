import * as resproto from "@pulumi/pulumi/proto/resource_pb";
import * as runtime from "@pulumi/pulumi/runtime";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlannedResource } from "./model";
import { plain } from "./wire";

/** What the provider would answer: the id and the outputs beyond the inputs. Both plain. */
export interface ProviderAnswer {
  readonly id?: string;
  readonly outputs: Record<string, unknown>;
}

/** What a monitor needs to know of the world: the answers of providers and of sibling stacks. */
export interface World {
  /** Answers the creation of a resource. */
  create(resource: { type: string; name: string; inputs: Record<string, any>; region?: string }): ProviderAnswer;
  /** Answers the read of an existing resource: outputs of a StackReference, for one. */
  read(resource: { type: string; name: string; id: string }): Promise<ProviderAnswer>;
}

type Callback = (error: any, response: any) => void;

/**
 * The engine's side of a run, as far as a plan needs it: keeps every registration with its parent, provider,
 * dependencies and options, which the SDK's own MockMonitor throws away.
 *
 * Leans on internals of @pulumi/pulumi, hence the exact pin; no other module imports them but graph/capture.ts.
 */
export class PlanMonitor extends MockMonitor {
  readonly planned = new Map<string, PlannedResource>();
  stackOutputs: Record<string, any> = {};
  /** Providers of each component, by package, its parents' included. */
  private readonly providers = new Map<string, ReadonlyMap<string, string>>();
  readonly problems: string[] = [];

  constructor(
    private readonly project: string,
    private readonly stack: string,
    private readonly world: World,
  ) {
    const unused = () => {
      throw new Error("a plan answers registrations and calls itself");
    };
    super({ newResource: unused, call: unused });
  }

  override async invoke(request: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      throw this.problem(
        `function ${request.getTok()} was called; a plan has no account to ask, pass the value in config`,
      );
    });
  }

  /** Keeps what is wrong, as the SDK rewords some errors. */
  private problem(sentence: string): Error {
    this.problems.push(sentence);
    return new Error(sentence);
  }

  /** The engine's rule: the chain of types, without the stack's own. */
  private urn(parent: string, type: string, name: string): string {
    const chain = parent.split("::")[2] ?? "";
    const qualified = chain === "" || chain === "pulumi:pulumi:Stack" ? type : `${chain}$${type}`;
    return `urn:pulumi:${this.stack}::${this.project}::${qualified}::${name}`;
  }

  override async registerResource(request: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      const wire = request.getObject()?.toJavaScript() ?? {};
      const custom: boolean = request.getCustom();
      const inherited = this.providersOf(request);
      const provider = providerUrn(request.getProvider()) ?? (request.getRemote() ? inherited.get("aws") : undefined);
      const region = this.regionOf(provider);
      const inputs = plain(wire, "open");
      const reply = this.world.create({ type: request.getType(), name: request.getName(), inputs, region });
      const id = custom ? (reply.id ?? `${request.getName()}-id`) : "";
      const urn = this.record(request, wire, {
        custom,
        remote: request.getRemote(),
        outputs: { ...inputs, ...reply.outputs, ...(custom ? { id } : {}) },
        ...(region === undefined ? {} : { region }),
        ...(provider === undefined ? {} : { provider }),
        propertyDependencies: Object.fromEntries(
          [...request.getPropertydependenciesMap().entries()].map(([key, list]: any) => [key, list.getUrnsList()]),
        ),
        protect: request.hasProtect() && request.getProtect(),
        ignoreChanges: request.getIgnorechangesList(),
      });
      if (!custom) this.providers.set(urn, inherited);
      const state = { ...wire, ...(await runtime.serializeProperties("", reply.outputs as any)) };
      this.resources.set(urn, { urn, id: id || null, state });
      const response = new resproto.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(id);
      response.setObject(Struct.fromJavaScript(state));
      return response;
    });
  }

  override async readResource(request: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      const [type, name, id] = [request.getType(), request.getName(), request.getId()];
      const wire = request.getProperties()?.toJavaScript() ?? {};
      const reply = await this.world.read({ type, name, id });
      const urn = this.record(request, wire, {
        custom: true,
        remote: false,
        outputs: { ...reply.outputs, id },
        propertyDependencies: {},
        protect: false,
        ignoreChanges: [],
      });
      const state = { ...wire, ...(await runtime.serializeProperties("", reply.outputs as any)) };
      this.resources.set(urn, { urn, id, state });
      const response = new resproto.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(Struct.fromJavaScript(state));
      return response;
    });
  }

  override registerResourceOutputs(request: any, callback: Callback): void {
    const resource = this.planned.get(request.getUrn());
    if (resource?.type === "pulumi:pulumi:Stack") {
      this.stackOutputs = request.getOutputs()?.toJavaScript() ?? {};
    }
    callback(null, {});
  }

  private record(
    request: any,
    wire: unknown,
    rest: Omit<PlannedResource, "urn" | "type" | "name" | "parent" | "inputs" | "dependencies">,
  ): string {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const urn = this.urn(parent, type, name);
    if (this.planned.has(urn)) {
      throw this.problem(`duplicate resource: "${name}" of type ${type} is registered twice; give each its own name`);
    }
    this.planned.set(urn, {
      urn,
      type,
      name,
      ...(parent ? { parent } : {}),
      ...rest,
      inputs: plain(wire, "hidden"),
      dependencies: [...request.getDependenciesList()].sort(),
    });
    return urn;
  }

  /**
   * The SDK hands providers down to custom resources only; to a remote component the engine does, so that what awsx
   * makes lands in the region of the component it is in.
   */
  private providersOf(request: any): ReadonlyMap<string, string> {
    const own: [string, string][] = [...request.getProvidersMap().entries()];
    const inherited = this.providers.get(request.getParent()) ?? new Map<string, string>();
    return new Map([...inherited, ...own.map(([pkg, reference]) => [pkg, providerUrn(reference)!] as const)]);
  }

  private regionOf(provider: string | undefined): string | undefined {
    return provider === undefined ? undefined : (this.planned.get(provider)?.inputs["region"] as string | undefined);
  }
}

/** A provider reference is `<urn>::<id>`. */
function providerUrn(reference: string | undefined): string | undefined {
  return reference ? reference.slice(0, reference.lastIndexOf("::")) : undefined;
}

async function answer(callback: Callback, work: () => Promise<unknown>): Promise<void> {
  try {
    callback(null, await work());
  } catch (error) {
    callback(error, undefined);
  }
}
