import type { PlannedResource } from "../../../graph/model";

export interface CfnResource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
}

/**
 * Where a property of a Pulumi resource goes: a name (dots nest, the value is converted in depth), or one of the
 * functions below. A property without an entry keeps its name in PascalCase.
 */
export type Field =
  | string
  | { readonly kind: "absent"; readonly reason: string }
  | { readonly kind: "attribute"; readonly key: string; readonly format: (value: any) => string }
  | { readonly kind: "wrapped"; readonly name: string; readonly wrap: (converted: any) => any }
  | { readonly kind: "computed"; readonly name: string; readonly compute: (value: any) => any };

/** CloudFormation has nothing for it, or it says nothing about AWS. */
export const absent = (reason: string): Field => ({ kind: "absent", reason });
/** A key of the type's list of attributes, as balancers and target groups have them. */
export const attribute = (key: string, format: (value: any) => string = String): Field => ({
  kind: "attribute",
  key,
  format,
});
/** Converted in depth, then changed. */
export const wrapped = (name: string, wrap: (converted: any) => any): Field => ({ kind: "wrapped", name, wrap });
/** Made from the Pulumi value as it is. */
export const computed = (name: string, compute: (value: any) => any): Field => ({ kind: "computed", name, compute });
/** The provider takes a list of at most one. */
export const only = (name: string) => wrapped(name, ([first]) => first);
export const listOf = (name: string) => wrapped(name, (value) => [value]);
export const json = (name: string) =>
  computed(name, (value) => (typeof value === "string" ? JSON.parse(value) : value));
/** Keys are the user's, not AWS's. */
export const verbatim = (name: string) => computed(name, (value) => value);
export const pairs = (map: Readonly<Record<string, string>>, key = "Key") =>
  Object.entries(map).map(([name, Value]) => ({ [key]: name, Value }));
export const tagList = (name = "Tags") => computed(name, (tags) => pairs(tags));
/** A property that the rendering would lose. */
export class MappingError extends Error {}

/** @throws {MappingError} naming what objects have beyond these properties; for what is not converted one by one. */
export function onlyThese(...parts: readonly (readonly [object: object, keys: readonly string[]])[]): void {
  const unknown = parts.flatMap(([object, keys]) => Object.keys(object).filter((key) => !keys.includes(key)));
  if (unknown.length > 0) throw new MappingError(unknown.join(", "));
}

/** The same for one object, which is handed on. */
export function exactly<T extends object>(object: T, ...keys: readonly string[]): T {
  onlyThese([object, keys]);
  return object;
}

export const none = absent("CloudFormation cannot tag this type");

export interface TypeMapping {
  readonly kind: "type";
  readonly type: string;
  /** Where the type depends on the inputs. */
  readonly typeFor?: (inputs: PlannedResource["inputs"]) => string;
  /** By path; list indexes are left out: `rules.expiration.days`. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Output that `Ref` returns; default `id`. */
  readonly ref?: string;
  /** Outputs by path, and the attribute that `Fn::GetAtt` returns them by; default `arn: "Arn"`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Name of the list that `attribute` fields go to. */
  readonly attributeList?: string;
  /** Last step: reshapes converted properties. */
  readonly finish?: (properties: any, resource: PlannedResource) => any;
  /** Resources that CloudFormation keeps apart, by a suffix of the logical id. */
  readonly more?: (properties: any, resource: PlannedResource, logicalId: string) => Record<string, CfnResource>;
}

export type Mapping =
  | TypeMapping
  /** A resource of its own in Pulumi, part of another one in CloudFormation. */
  | {
      readonly kind: "part";
      /** Token of the whole. */
      readonly of: string;
      /** Whether a resource of that type is the whole. */
      readonly matches: (part: PlannedResource, whole: PlannedResource) => boolean;
      readonly fields: Readonly<Record<string, Field>>;
      readonly finish?: (properties: any, resource: PlannedResource) => any;
    }
  | { readonly kind: "expanded" }
  | { readonly kind: "absent"; readonly reason: string };

export type MappingTable = Readonly<Record<string, Mapping>>;

export const type = (
  type: string,
  fields: TypeMapping["fields"] = {},
  rest: Partial<TypeMapping> = {},
): TypeMapping => ({ kind: "type", type, fields: { tags: tagList(), ...fields }, ...rest });

/** Part of the resource whose output `to` the input `by` holds. */
export const part = (
  of: string,
  by: string,
  to: string,
  fields: TypeMapping["fields"],
  finish?: TypeMapping["finish"],
): Mapping => ({
  kind: "part",
  of,
  matches: (piece, whole) => piece.inputs[by] === whole.outputs[to],
  fields: { [by]: absent("names the whole"), ...fields },
  ...(finish === undefined ? {} : { finish }),
});
