/** What runs the code of a service under each pattern: an artifact has `server` and `handler` in its language. */
export interface Runtime {
  /** Command of a server in a container, whose image has this version as the only one. */
  readonly command: readonly string[];
  /** User of a container, who owns nothing in it. */
  readonly user: string;
  /** Command of a container's health check. */
  readonly healthCheck: readonly string[];
  /** Command of a server on Amazon Linux 2023, with the package that has it. */
  readonly amazonLinux: { readonly package: string; readonly command: string };
  /** Environment variables of its processes on instances; images set them themselves. */
  readonly variables: Readonly<Record<string, string>>;
  /** Identifier in Lambda. */
  readonly lambda: string;
  /** Name of Beanstalk's platform on Amazon Linux 2023. */
  readonly beanstalk: string;
}

/** The runtimes by name. All are the same version under every pattern. */
export const runtimes = {
  node: {
    command: ["node", "server.cjs"],
    user: "node",
    healthCheck: ["node", "healthcheck.cjs"],
    amazonLinux: { package: "nodejs22", command: "node server.cjs" },
    variables: { NODE_ENV: "production" },
    lambda: "nodejs22.x",
    beanstalk: "Node.js 22",
  },
  python: {
    command: ["python3", "server.py"],
    // The base image has no user of its own but root.
    user: "1000",
    healthCheck: ["python3", "-m", "platform_kit.healthcheck"],
    // /usr/bin/python3 is 3.9 for the life of Amazon Linux 2023.
    amazonLinux: { package: "python3.13", command: "python3.13 server.py" },
    variables: { PYTHONDONTWRITEBYTECODE: "1" },
    lambda: "python3.13",
    beanstalk: "Python 3.13",
  },
} as const satisfies Readonly<Record<string, Runtime>>;

/** Name of a runtime. */
export type RuntimeName = keyof typeof runtimes;

/** Returns the runtime of an artifact. */
export function runtimeOf({ runtime }: { readonly runtime: RuntimeName }): Runtime {
  return runtimes[runtime];
}
