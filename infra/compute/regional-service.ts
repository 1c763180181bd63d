import * as pulumi from "@pulumi/pulumi";

/**
 * One service in one region, independent of its pattern: parent of the pattern's component, and of resources that must
 * stay the same when the pattern changes. The listener is one: a port of the balancer takes only one listener, and
 * Pulumi would make a new one before it deletes the old.
 */
export class RegionalService extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:ServiceScope", name, {}, opts);
    this.registerOutputs({});
  }
}

/**
 * Returns the options of a resource that belongs to the service and not to its pattern. Its parent is the parent of the
 * pattern's component, or the component itself if it has none.
 * @param pattern  the pattern's component
 * @param opts     options that the component was made with
 */
export function ownedByService(
  pattern: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return { parent: opts?.parent ?? pattern };
}
