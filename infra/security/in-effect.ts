import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

/**
 * Seconds after which every AWS service knows a new policy. IAM promises no time; a pipe that was made within a minute and a
 * half of its role's policy has failed with "Cannot access stream", and stays failed.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/40572
 */
const SECONDS = 120;

/**
 * Returns the options of a resource that AWS makes only when a policy is in effect everywhere, and then tries once: it
 * depends on the policy, and when it has to be made, waits. An `up` that does not make it does not wait, nor does a preview.
 * The environment variable PLATFORM_IN_EFFECT_SECONDS changes the time, for tests.
 * @param name  of the resource; unique, as the engine calls the wait by it
 */
export function whenInEffect(
  name: string,
  policy: iam.RolePolicy,
): Pick<pulumi.CustomResourceOptions, "dependsOn" | "hooks"> {
  if (pulumi.runtime.isDryRun()) return { dependsOn: [policy] };
  let known: number | undefined;
  policy.id.apply(() => {
    known ??= Date.now();
  });
  const wait = new pulumi.ResourceHook(`${name}-in-effect`, async () => {
    const seconds = Number(process.env["PLATFORM_IN_EFFECT_SECONDS"] ?? SECONDS);
    const rest = (known ?? Date.now()) + seconds * 1_000 - Date.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(rest, 0)));
  });
  return { dependsOn: [policy], hooks: { beforeCreate: [wait] } };
}
