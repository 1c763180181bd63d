import type { ResourceTransformation } from "@pulumi/pulumi";

/** AWS tags: values by key. */
type Tags = Readonly<Record<string, string>>;

/** Functions that set the tags of the types whose tags are no map, or are not only in `tags`. */
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
 * Returns a transformation that tags every resource below a component that AWS can tag; a resource's own tags win. The
 * plan shows these tags, but would not show the provider's `defaultTags`.
 *
 * A generated resource class lists all its inputs, set or not, so the key `tags` tells whether a type has tags.
 */
export function tagTransformation(tags: Tags): ResourceTransformation {
  return ({ type, props, opts }) => {
    if (!("tags" in props)) return undefined;
    const shape = shapes[type];
    return { props: shape ? shape(props, tags) : { ...props, tags: { ...tags, ...props["tags"] } }, opts };
  };
}
