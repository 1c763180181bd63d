import * as pulumi from "@pulumi/pulumi";

/**
 * One service in one region, whatever pattern runs it. A resource that must stay the same when the pattern changes has
 * this component as its parent instead of the pattern's: a port of the balancer takes one listener, and Pulumi makes a
 * new one before it deletes the old.
 */
export class RegionalService extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:ServiceScope", name, {}, opts);
    this.registerOutputs({});
  }
}

/**
 * Returns the options of a resource that belongs to the service and not to its pattern: the parent is the pattern's
 * own parent, or the pattern where it has none.
 */
export function ownedByService(
  pattern: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return { parent: opts?.parent ?? pattern };
}
