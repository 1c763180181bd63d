import * as pulumi from "@pulumi/pulumi";

/**
 * One service in one region, whatever runs it. What must stay the same resource when the pattern changes hangs here
 * and not below the pattern's component: a port of the balancer holds one listener, and Pulumi makes a new one before
 * it deletes the old.
 */
export class ServiceScope extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:ServiceScope", name, {}, opts);
    this.registerOutputs({});
  }
}

/** Options of a resource that outlives the pattern: the scope is its parent, the pattern itself where there is none. */
export function outlivingPattern(
  pattern: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return { parent: opts?.parent ?? pattern };
}
