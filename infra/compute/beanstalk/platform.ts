import * as elasticbeanstalk from "@pulumi/aws/elasticbeanstalk";
import type { CustomResourceOptions, InvokeOutputOptions, Output } from "@pulumi/pulumi";
import type { ServiceSpec } from "../../contract/service";
import type { Artifact } from "../artifact";
import { runtimeOf } from "../runtimes";

/** Arguments of `beanstalkPlatform`. */
interface PlatformArgs {
  readonly service: Pick<ServiceSpec, "name">;
  /** Exact solution stack. @default the newest, with managed updates */
  readonly solutionStack?: string | undefined;
  readonly artifact: Pick<Artifact, "runtime">;
}

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
 * @throws {Error} when the pinned one does not run the service's language
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-platform-update-managed.html
 */
export function beanstalkPlatform(args: PlatformArgs, opts: InvokeOutputOptions): Platform {
  const runtime = runtimeOf(args.artifact).beanstalk;
  if (args.solutionStack !== undefined) {
    return {
      solutionStackName: pinned(args.service.name, args.solutionStack, runtime),
      managedUpdates: false,
      options: {},
    };
  }
  const newest = elasticbeanstalk.getSolutionStackOutput({ nameRegex: platformNames(runtime), mostRecent: true }, opts);
  return {
    solutionStackName: newest.name,
    managedUpdates: true,
    options: { ignoreChanges: ["solutionStackName"] },
  };
}

function pinned(service: string, solutionStack: string, runtime: string): string {
  const [language] = runtime.split(" ");
  if (solutionStack.includes(` running ${language} `)) return solutionStack;
  throw new Error(
    `service "${service}": beanstalkPlatform must be one that runs ${language}, got "${solutionStack}"; set platform:beanstalkPlatform to managed, or give the service another pattern`,
  );
}

/**
 * Returns an expression for the names of a platform's versions, whole names only: the lookup takes the first that matches
 * and compares no versions.
 * @param runtime  @example "Node.js 22"
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/platforms/platforms-supported.html
 */
function platformNames(runtime: string): string {
  return `^64bit Amazon Linux 2023 v[0-9.]+ running ${runtime.replaceAll(".", "\\.")}$`;
}
