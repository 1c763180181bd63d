import { InstanceMetadata } from "./ec2/instance-metadata";
import { ContainerCredentials } from "./ecs/container-credentials";
import { TaskMetadata } from "./ecs/task-metadata";
import { FunctionMetadata } from "./lambda/function-metadata";
import type { RoleSessions } from "./sts/role-sessions";

/** The role that code runs as, and how it gets the credentials of it: as on the AWS service that runs it. */
export interface RoleUse {
  readonly roleArn: string;
  readonly by: "container" | "instance" | "function";
}

/** What runs, as far as its credentials depend on it. */
export interface Credentialed {
  /** @default no role, and no credentials */
  readonly role?: RoleUse | undefined;
}

/**
 * Gives every server and function temporary credentials of its planned role, and tells it where it runs. One that runs as a
 * role which is not planned gets none, for what it may do is not known.
 */
export class WorkloadCredentials {
  private readonly containers: ContainerCredentials;
  private readonly tasks = new TaskMetadata();
  private readonly functions = new FunctionMetadata();
  /** By ARN of the instances' role. */
  private readonly instances: ReadonlyMap<string, InstanceMetadata>;

  /** @param workloads  all that will run */
  constructor(
    workloads: readonly Credentialed[],
    private readonly sessions: RoleSessions,
  ) {
    this.containers = new ContainerCredentials((roleArn) => sessions.open(roleArn));
    const onInstances = workloads.flatMap(({ role }) => (role?.by === "instance" ? [role.roleArn] : []));
    const roles = new Set(onInstances.filter((arn) => sessions.has(arn)));
    this.instances = new Map(
      [...roles].map((arn) => [
        arn,
        new InstanceMetadata(arn.slice(arn.lastIndexOf("/") + 1), () => sessions.open(arn)),
      ]),
    );
  }

  async start(): Promise<void> {
    await Promise.all(this.servers().map((each) => each.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers().map((each) => each.stop()));
  }

  private servers() {
    return [this.containers, this.tasks, this.functions, ...this.instances.values()];
  }

  /** Returns the variables by which a process that is about to start in a zone finds credentials and where it is. */
  variables({ role }: Credentialed, zone: string): Record<string, string> {
    // Without a role the SDK would ask the metadata service of this machine.
    const withoutInstance = { AWS_EC2_METADATA_DISABLED: "true" };
    if (role === undefined || !this.sessions.has(role.roleArn)) return withoutInstance;
    switch (role.by) {
      case "instance":
        return this.instances.get(role.roleArn)!.variables(zone);
      case "container":
        return { ...withoutInstance, ...this.containers.variables(role.roleArn), ...this.tasks.variables(zone) };
      case "function": {
        const { accessKeyId, secretAccessKey, sessionToken } = this.sessions.open(role.roleArn);
        return {
          ...withoutInstance,
          ...this.functions.variables(zone),
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_SESSION_TOKEN: sessionToken,
        };
      }
    }
  }
}
