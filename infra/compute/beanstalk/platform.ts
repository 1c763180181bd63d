import * as elasticbeanstalk from "@pulumi/aws/elasticbeanstalk";
import type { CustomResourceOptions, InvokeOutputOptions, Output } from "@pulumi/pulumi";

/**
 * Names of the platform's versions, whole names only: the lookup takes the first that matches and compares no versions.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/platforms/platforms-supported.html
 */
const platformNames = "^64bit Amazon Linux 2023 v[0-9.]+ running Node\\.js 22$";

/** Where the platform version of a Beanstalk environment comes from, and what moves it on. */
interface Platform {
  readonly solutionStackName: Output<string> | string;
  /** Whether Beanstalk's managed updates install newer versions. */
  readonly managedUpdates: boolean;
  /** Options of the Beanstalk environment. */
  readonly options: Pick<CustomResourceOptions, "ignoreChanges">;
}

/**
 * Returns the platform of a Beanstalk environment. A pinned one stays until the configuration names another. Otherwise
 * the newest one is found when the environment is created; from then on managed updates install newer versions, and the
 * program must not go back to the one it finds.
 * @param pinned  exact solution stack @default the newest, with managed updates
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-platform-update-managed.html
 */
export function beanstalkPlatform(pinned: string | undefined, opts: InvokeOutputOptions): Platform {
  if (pinned !== undefined) return { solutionStackName: pinned, managedUpdates: false, options: {} };
  const newest = elasticbeanstalk.getSolutionStackOutput({ nameRegex: platformNames, mostRecent: true }, opts);
  return {
    solutionStackName: newest.name,
    managedUpdates: true,
    options: { ignoreChanges: ["solutionStackName"] },
  };
}
