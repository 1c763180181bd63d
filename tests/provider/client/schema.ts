/** A type of the provider's, as its schema writes it in JSON. */
export type AttributeType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", AttributeType]
  | readonly ["object", Readonly<Record<string, AttributeType>>, ...unknown[]];

/** An argument, or a value that AWS adds. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
}

/** How many blocks of a name there may be. */
export type Nesting = "SINGLE" | "LIST" | "SET" | "MAP" | "GROUP";

/** A kind of block inside another. */
export interface NestedBlock {
  readonly name: string;
  readonly nesting: Nesting;
  readonly block: Block;
}

/** What a resource, or a block inside it, may hold. */
export interface Block {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly NestedBlock[];
  readonly deprecated: boolean;
}

/** Reads a schema as the protocol's messages carry it. */
export function blockOf(message: any): Block {
  return {
    attributes: message.attributes.map(attributeOf),
    blocks: message.blockTypes.map(({ typeName, nesting, block }: any) => ({
      name: typeName,
      nesting,
      block: blockOf(block),
    })),
    deprecated: message.deprecated,
  };
}

function attributeOf({ name, type, required, optional, computed, sensitive, deprecated }: any): Attribute {
  return { name, type: JSON.parse(type.toString()), required, optional, computed, sensitive, deprecated };
}

/** A value of the block in which nothing is set. */
export function emptyBlock({ attributes, blocks }: Block): Record<string, any> {
  const nothing = { SINGLE: null, LIST: [], SET: [], MAP: {}, GROUP: null };
  return Object.fromEntries([
    ...attributes.map(({ name }) => [name, null]),
    ...blocks.map(({ name, nesting }) => [name, nothing[nesting]]),
  ]);
}
