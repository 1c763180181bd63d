/** Outputs that AWS renews with an update, unless said which, with a change of any input. */
interface Renewal {
  readonly when?: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Outputs that change when a resource is updated in place, by type: a launch template and a function get another
 * version, an image that is built again another digest.
 */
const byUpdate: Readonly<Record<string, Renewal>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": { outputs: ["latestVersion"] },
  "aws:lambda/function:Function": {
    when: ["code", "environment", "memorySize", "timeout", "runtime", "handler"],
    outputs: ["version", "qualifiedArn"],
  },
  "awsx:ecr:Image": { outputs: ["imageUri"] },
};

/** Outputs that change when a resource is replaced, although all its names are fixed: a revision is counted on. */
const byReplacement: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": ["arn", "revision"],
};

/**
 * Returns the outputs that an update renews.
 * @param changed  names of the inputs that change
 */
export function renewedByUpdate(type: string, changed: readonly string[]): readonly string[] {
  const renewal = byUpdate[type];
  return renewal && changed.some((key) => renewal.when?.includes(key) ?? true) ? renewal.outputs : [];
}

/** Returns the outputs that a replacement renews, in addition to ids and names that AWS or the provider makes up. */
export function renewedByReplacement(type: string): readonly string[] {
  return byReplacement[type] ?? [];
}
