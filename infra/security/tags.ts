import type { ResourceTransformation } from "@pulumi/pulumi";

export type Tags = Readonly<Record<string, string>>;

/** Types whose tags have another shape than a map, or another place than `tags`. */
const shapes: Readonly<Record<string, (props: any, tags: Tags) => any>> = {
  "aws:autoscaling/group:Group": (props, tags) => ({
    ...props,
    tags: [
      ...(props.tags ?? []),
      ...Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    ],
  }),
  // The group's tags reach instances, not their volumes and interfaces.
  "aws:ec2/launchTemplate:LaunchTemplate": (props, tags) => {
    const own = { ...tags, ...props.tags };
    const tagSpecifications = ["volume", "network-interface"].map((resourceType) => ({ resourceType, tags: own }));
    return { ...props, tags: own, tagSpecifications };
  },
};

/**
 * Tags every resource below a component that AWS can tag; a resource's own tags win. The plan shows the tags, which
 * the provider's `defaultTags` would not.
 *
 * A generated resource class names all its inputs, set or not, so that the key `tags` tells whether a type has tags.
 */
export function tagging(tags: Tags): ResourceTransformation {
  return ({ type, props, opts }) => {
    if (!("tags" in props)) return undefined;
    const shape = shapes[type];
    return { props: shape ? shape(props, tags) : { ...props, tags: { ...tags, ...props["tags"] } }, opts };
  };
}
