/** The parts of a URN of its own resource, without those of its parents. */
interface Self {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
}

/**
 * Returns the URN of a resource below a parent.
 * @param parent  URN of the parent, or "" for none
 * @example urnBelow("urn:pulumi:dev::platform::a:b:C::c", { type: "x:y:Z", ... }) // "urn:pulumi:dev::platform::a:b:C$x:y:Z::z"
 */
export function urnBelow(parent: string, { stack, project, type, name }: Self): string {
  const chain = parent.split("::")[2] ?? "";
  const qualified = chain === "" || chain === "pulumi:pulumi:Stack" ? type : `${chain}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** Returns type and name at the end of a URN. */
export function lastOf(urn: string): Pick<Self, "type" | "name"> {
  const [, , chain = "", ...name] = urn.split("::");
  return { type: chain.slice(chain.lastIndexOf("$") + 1), name: name.join("::") };
}

/**
 * Returns the URN of an alias as a program registers it: whole, or as the parts that differ from the resource's own.
 * @param alias   `pulumirpc.Alias`
 * @param parent  URN of the resource's parent
 */
export function aliasUrn(alias: any, self: Self, parent: string): string {
  if (alias.getUrn()) return alias.getUrn();
  const spec = alias.getSpec();
  return urnBelow(spec.getNoparent() ? "" : spec.getParenturn() || parent, {
    stack: spec.getStack() || self.stack,
    project: spec.getProject() || self.project,
    type: spec.getType() || self.type,
    name: spec.getName() || self.name,
  });
}

/**
 * Returns the URN of a child below an alias of its parent. A child whose name begins with the parent's is taken to have
 * followed a renaming of the parent, as the engine takes it.
 * @param parentName  present name of the parent
 * @see https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go (inheritedChildAlias)
 */
export function childOfAlias(parentAlias: string, parentName: string, self: Self): string {
  const followed = parentName !== "" && self.name.startsWith(parentName);
  const name = followed ? lastOf(parentAlias).name + self.name.slice(parentName.length) : self.name;
  return urnBelow(parentAlias, { ...self, name });
}
