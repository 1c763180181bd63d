import * as resproto from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlannedResource } from "../model";
import { lookupAnswers } from "../outputs/lookups";
import { aliasUrn, childOfAlias, lastOf, urnBelow } from "./aliases";
import { toPlainData } from "./wire";

/** What a provider answers: the id of a resource, and the outputs that are not among its inputs. Plain data. */
export interface ProviderAnswer {
  readonly id?: string;
  readonly outputs: Record<string, unknown>;
}

/** Stands in for the providers and for other stacks during a plan. */
export interface ProviderStandIn {
  /** Returns what the provider would answer to the creation of a resource. */
  create(resource: { type: string; name: string; inputs: Record<string, any>; region?: string }): ProviderAnswer;
  /** Returns what a read of an existing resource would answer, such as the outputs of a StackReference. */
  read(resource: { type: string; name: string; id: string }): Promise<ProviderAnswer>;
}

type Callback = (error: any, response: any) => void;

/**
 * A resource monitor that plays the engine's part of a run, as far as a plan needs it. It records every registration
 * with its parent, provider, dependencies and options, which the SDK's own MockMonitor drops.
 *
 * It uses internals of @pulumi/pulumi, so that package is pinned to an exact version. Only graph/capture/capture.ts imports
 * internals too.
 *
 * Registrations and reads are answered with objects that have what the SDK reads of an answer. Messages of Protocol
 * Buffers would be made to be taken apart again, which takes longer than all else that a plan does for a resource.
 */
export class PlanMonitor extends MockMonitor {
  /** Everything that was registered or read, by URN. */
  readonly planned = new Map<string, PlannedResource>();
  /** Outputs of the stack, as the SDK serialised them. */
  stackOutputs: Record<string, any> = {};
  /** Provider URNs by package, for each component; includes those that it inherits from its parents. */
  private readonly providers = new Map<string, ReadonlyMap<string, string>>();
  /** Texts of the answers to calls of providers' functions. */
  readonly lookedUp = new Set<string>();
  /** Messages of all errors so far. */
  readonly problems: string[] = [];

  constructor(
    private readonly project: string,
    private readonly stack: string,
    private readonly standIn: ProviderStandIn,
    /** Region of the default provider of AWS, which the program does not register. */
    private readonly defaultRegion?: string,
  ) {
    const unused = () => {
      throw new Error("a plan answers registrations and calls itself");
    };
    super({ newResource: unused, call: unused });
  }

  override async invoke(invocation: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      if (invocation.getTok() === "pulumi:pulumi:getResource") return this.referenced(invocation);
      const lookup = lookupAnswers[invocation.getTok()];
      if (lookup === undefined) {
        throw this.problem(
          `function ${invocation.getTok()} was called; a plan has no AWS account to ask, pass the value in config`,
        );
      }
      const args = toPlainData(invocation.getArgs()?.toJavaScript() ?? {}, "open");
      const found = lookup(
        args,
        this.regionOf(invocation.getTok(), providerUrn(invocation.getProvider())) ?? "us-east-1",
      );
      for (const text of Object.values(found)) if (typeof text === "string") this.lookedUp.add(text);
      return new resproto.ResourceInvokeResponse().setReturn(Struct.fromJavaScript(found as any));
    });
  }

  /** Answers the SDK, which asks for a resource that was registered when another one has it as an input. */
  private referenced(invocation: any) {
    const { urn } = toPlainData(invocation.getArgs()?.toJavaScript() ?? {}, "open");
    const found = this.resources.get(urn);
    if (found === undefined) throw this.problem(`resource ${urn} was asked for, but the program has registered none`);
    return new resproto.ResourceInvokeResponse().setReturn(Struct.fromJavaScript(found as any));
  }

  /** Makes an error and keeps its message, because the SDK replaces the messages of some errors. */
  private problem(sentence: string): Error {
    this.problems.push(sentence);
    return new Error(sentence);
  }

  /** Returns the URN of a resource. It contains the types of all parents except the stack, as the engine's URNs do. */
  private urn(parent: string, type: string, name: string): string {
    return urnBelow(parent, { stack: this.stack, project: this.project, type, name });
  }

  /** Returns the URNs of a resource by its aliases and those of its parent; nothing without any. */
  private aliasesOf(registration: any): { readonly aliases?: readonly string[] } {
    const [type, name, parent] = [registration.getType(), registration.getName(), registration.getParent()];
    const self = { stack: this.stack, project: this.project, type, name };
    const own: string[] = registration.getAliasesList().map((alias: any) => aliasUrn(alias, self, parent));
    const above = this.planned.get(parent);
    const inherited = (above?.aliases ?? []).flatMap((alias) => [
      childOfAlias(alias, above?.name ?? "", self),
      ...own.map((urn) => childOfAlias(alias, above?.name ?? "", { ...self, ...lastOf(urn) })),
    ]);
    return own.length + inherited.length > 0 ? { aliases: [...new Set([...own, ...inherited])] } : {};
  }

  override async registerResource(registration: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      const wire = registration.getObject()?.toJavaScript() ?? {};
      const custom: boolean = registration.getCustom();
      const inherited = this.providersOf(registration);
      const provider =
        providerUrn(registration.getProvider()) ?? (registration.getRemote() ? inherited.get("aws") : undefined);
      // An image is copied into the region of the component above, by a provider that has none.
      const place = registration.getType().startsWith("docker-build:") ? inherited.get("aws") : provider;
      const region = this.regionOf(registration.getType(), place);
      const inputs = this.inputsOf(wire, "open");
      const reply = this.standIn.create({ type: registration.getType(), name: registration.getName(), inputs, region });
      const id = custom ? (reply.id ?? `${registration.getName()}-id`) : "";
      const urn = this.record(registration, wire, {
        custom,
        remote: registration.getRemote(),
        outputs: { ...inputs, ...reply.outputs, ...(custom ? { id } : {}) },
        ...(region === undefined ? {} : { region }),
        ...(provider === undefined ? {} : { provider }),
        propertyDependencies: Object.fromEntries(
          [...registration.getPropertydependenciesMap().entries()].map(([key, list]: any) => [key, list.getUrnsList()]),
        ),
        protect: registration.hasProtect() && registration.getProtect(),
        ignoreChanges: registration.getIgnorechangesList(),
        ...this.aliasesOf(registration),
      });
      if (!custom) this.providers.set(urn, inherited);
      const state = asSent({ ...wire, ...reply.outputs });
      this.resources.set(urn, { urn, id: id || null, state });
      return {
        getUrn: () => urn,
        getId: () => id,
        getObject: () => ({ toJavaScript: () => state }),
        getPropertydependenciesMap: () => undefined,
        getResult: () => resproto.Result.SUCCESS,
        getUnknown: () => false,
      };
    });
  }

  override async readResource(read: any, callback: Callback): Promise<void> {
    await answer(callback, async () => {
      const [type, name, id] = [read.getType(), read.getName(), read.getId()];
      const wire = read.getProperties()?.toJavaScript() ?? {};
      const reply = await this.standIn.read({ type, name, id });
      const urn = this.record(read, wire, {
        custom: true,
        remote: false,
        outputs: { ...reply.outputs, id },
        propertyDependencies: {},
        protect: false,
        ignoreChanges: [],
      });
      const state = asSent({ ...wire, ...reply.outputs });
      this.resources.set(urn, { urn, id, state });
      return { getUrn: () => urn, getProperties: () => ({ toJavaScript: () => state }), getUnknown: () => false };
    });
  }

  override registerResourceOutputs(registration: any, callback: Callback): void {
    const resource = this.planned.get(registration.getUrn());
    if (resource?.type === "pulumi:pulumi:Stack") {
      this.stackOutputs = registration.getOutputs()?.toJavaScript() ?? {};
    }
    callback(null, {});
  }

  private record(
    registration: any,
    wire: unknown,
    rest: Omit<PlannedResource, "urn" | "type" | "name" | "parent" | "inputs" | "dependencies">,
  ): string {
    const [type, name, parent] = [registration.getType(), registration.getName(), registration.getParent()];
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
      inputs: this.inputsOf(wire, "hidden"),
      dependencies: [...registration.getDependenciesList()].sort(),
    });
    return urn;
  }

  /**
   * Returns the provider URNs of a resource by package, including inherited ones. The SDK passes providers to custom
   * resources only. To a remote component the engine passes them, so that the resources that awsx makes are in the
   * region of the component above.
   */
  private providersOf(registration: any): ReadonlyMap<string, string> {
    const own: [string, string][] = [...registration.getProvidersMap().entries()];
    const inherited = this.providers.get(registration.getParent()) ?? new Map<string, string>();
    return new Map([...inherited, ...own.map(([pkg, reference]) => [pkg, providerUrn(reference)!] as const)]);
  }

  private regionOf(token: string, provider: string | undefined): string | undefined {
    if (provider === undefined) return token.startsWith("aws:") ? this.defaultRegion : undefined;
    return this.planned.get(provider)?.inputs["region"] as string | undefined;
  }

  /** Returns inputs as a provider gets them: the engine passes the id of a resource in place of the resource. */
  private inputsOf(wire: unknown, secrets: "hidden" | "open"): Record<string, any> {
    const ids = (value: any): any => {
      if (value === null || typeof value !== "object") return value;
      if (Array.isArray(value)) return value.map(ids);
      const id = typeof value.ref === "string" ? this.planned.get(value.ref)?.outputs["id"] : undefined;
      return id ?? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, ids(one)]));
    };
    return ids(toPlainData(wire, secrets));
  }
}

/** Returns the URN in a provider reference, which is `<urn>::<id>`. */
function providerUrn(reference: string | undefined): string | undefined {
  return reference ? reference.slice(0, reference.lastIndexOf("::")) : undefined;
}

/** Returns a state as a message would have it: without what is undefined at any depth, for which the SDK waits for ever. */
function asSent(state: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(state));
}

async function answer(callback: Callback, work: () => Promise<unknown>): Promise<void> {
  try {
    callback(null, await work());
  } catch (error) {
    // The SDK shows `details`, as gRPC's own errors have them, and nothing of other errors.
    const details = (error as Error).message;
    callback(Object.assign(error as Error, { details }), undefined);
  }
}
