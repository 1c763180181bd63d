import { healthCheck, timeouts } from "../../traffic/timeouts";
import type { Program } from "./program";

/** Arguments of `containerDefinition`. */
export interface ContainerArgs {
  readonly service: string;
  readonly port: number;
  readonly image: string;
  readonly program: Pick<Program, "command" | "healthCheck" | "user">;
  readonly region: string;
  readonly logGroup: string;
  /** Environment variables of the container. */
  readonly variables: Readonly<Record<string, string>>;
  /** ARNs of the parameters whose values ECS puts into environment variables, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Returns the definition of a task's one container in ECS's JSON form. Its root file system is read-only and it has no
 * writable volume, as the service keeps nothing on disk (Fargate has no tmpfs). ECS Exec is off because it writes to
 * the root file system. An image whose health check is not known has none here: the balancer's counts.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function containerDefinition(args: ContainerArgs) {
  const { command, healthCheck: checkCommand, user } = args.program;
  return {
    name: args.service,
    image: args.image,
    ...(command && { command }),
    essential: true,
    user,
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    portMappings: [{ containerPort: args.port, protocol: "tcp" }],
    environment: Object.entries(args.variables).map(([name, value]) => ({ name, value })),
    ...(Object.keys(args.secrets).length === 0
      ? {}
      : { secrets: Object.entries(args.secrets).map(([name, valueFrom]) => ({ name, valueFrom })) }),
    ...(checkCommand && {
      healthCheck: {
        command: ["CMD", ...checkCommand],
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        retries: healthCheck.unhealthyThreshold,
        startPeriod: 30,
      },
    }),
    stopTimeout: timeouts.stopSeconds,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": args.logGroup,
        "awslogs-region": args.region,
        "awslogs-stream-prefix": args.service,
        // A slow log service must not stop the server; what does not fit is dropped.
        mode: "non-blocking",
        "max-buffer-size": "4m",
      },
    },
  };
}
