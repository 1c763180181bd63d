import type { Graph, PlannedResource } from "../model";
import type { PropertyChange } from "./difference";
import { Follows } from "./inputs";
import { renewedByReplacement, renewedByUpdate } from "./renewals";
import { madeUpFor, outputTexts } from "./stand-ins";
import { isObject, type Properties, stringsOf } from "./values";

/** Outputs that a change renews, and whether the change is a build alone. */
interface Renewed {
  readonly texts: ReadonlySet<string>;
  readonly name: string;
  readonly build: boolean;
}

/**
 * Follows changes to the resources that depend on them. In a plan a replaced resource has the same stand-ins as before;
 * in AWS it gets another id, and an input that is made from it changes too.
 */
export class Consequences {
  private readonly renewed = new Map<string, Renewed>();
  private readonly dependents = new Map<string, string[]>();
  private readonly next = new Set<string>();

  constructor(plan: Graph) {
    for (const { urn, propertyDependencies } of plan.resources) {
      for (const source of new Set(Object.values(propertyDependencies).flat())) {
        this.dependents.set(source, [...(this.dependents.get(source) ?? []), urn]);
      }
    }
  }

  /** Adds a resource that changes; its dependents are to be compared again when more of its outputs are renewed. */
  add(resource: PlannedResource, properties: readonly PropertyChange[]): void {
    const known = this.renewed.get(resource.urn);
    const build = properties.every(({ kind }) => kind === "build");
    const texts = new Set([...(known?.texts ?? []), ...this.renewedTexts(resource, properties)]);
    if (texts.size === 0 || (texts.size === known?.texts.size && build === known.build)) return;
    this.renewed.set(resource.urn, { texts, build, name: resource.name });
    for (const dependent of this.dependents.get(resource.urn) ?? []) this.next.add(dependent);
  }

  /** Returns the URNs of the resources that are to be compared again, each time once. */
  takeDependents(): string[] {
    const taken = [...this.next];
    this.next.clear();
    return taken;
  }

  /** Returns inputs with a `Follows` at each text that contains a renewed output. */
  applyTo(resource: PlannedResource, inputs: Properties): Properties {
    return Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => {
        const sources = (resource.propertyDependencies[key] ?? []).flatMap((urn) => this.renewed.get(urn) ?? []);
        return [key, sources.length === 0 ? value : marked(resource.inputs[key], value, sources, key)];
      }),
    );
  }

  private renewedTexts(resource: PlannedResource, properties: readonly PropertyChange[]): string[] {
    const replaced = properties.some(({ replaces }) => replaces);
    const changed = properties.map(({ path }) => /^[^.[]+/.exec(path)?.[0] ?? path);
    const names = replaced
      ? [...renewedByReplacement(resource.type), ...renewedByUpdate(resource.type, changed)]
      : renewedByUpdate(resource.type, changed);
    const listed = names.flatMap((name) => outputTexts({ [name]: resource.outputs[name] }));
    const above = resource.dependencies.flatMap((urn) => [...(this.renewed.get(urn)?.texts ?? [])]);
    const isMadeUp = madeUpFor(resource);
    const others = stringsOf(resource.outputs).filter(
      (text) => (replaced && isMadeUp(text)) || above.some((each) => mentions(text, each)),
    );
    return [...listed, ...others];
  }
}

/** Tells whether a text contains an output. A short one, such as a version, is a mention only by itself. */
function mentions(text: string, output: string): boolean {
  return output.length < 6 ? text === output : text.includes(output);
}

/**
 * Marks the texts that follow another resource. A number such as that of a version says so by the name of its input alone.
 * @param planned  value with the plan's stand-ins
 * @param value    the same in the words of the stack before
 */
function marked(planned: any, value: any, sources: readonly Renewed[], key: string): any {
  if (typeof planned === "string" || typeof planned === "number") {
    if (/^\d{1,5}$/.test(String(planned)) && !/version|qualifier/i.test(key)) return value;
    const source = sources.find(({ texts }) => [...texts].some((text) => mentions(String(planned), text)));
    return source === undefined ? value : new Follows(source.name, source.build);
  }
  if (Array.isArray(planned)) return planned.map((item, i) => marked(item, value[i], sources, key));
  if (!isObject(planned)) return value;
  return Object.fromEntries(
    Object.keys(planned).map((each) => [each, marked(planned[each], value[each], sources, each)]),
  );
}
