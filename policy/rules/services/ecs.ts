import { examples } from "../../network/examples";
import { isOpenToWorld } from "../../network/openings";
import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { containers, secretsIn, variables } from "../../stack/workloads";

/** Latest platform version of Linux, and of Windows; AWS patches a version without a new number. */
const latest = ["LATEST", "1.4.0", "1.0.0"];

/** Rules for ECS. */
export const ecsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "capacity-provider-weight",
    types: [T.ecsService, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"],
    description: "A capacity provider that runs a base of tasks has a weight of 1 or more.",
    rationale: "ECS places no task by a provider of weight 0, the base included.",
    fix: "set weight to 1 or more, or leave out base",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html",
    check(resource, { report }) {
      const property =
        resource.type === T.ecsService ? "capacityProviderStrategies" : "defaultCapacityProviderStrategies";
      for (const [i, one] of blocks(resource.props[property]).entries()) {
        if ((number(one["base"]) ?? 0) > 0 && !((number(one["weight"]) ?? 0) >= 1))
          report(
            resource,
            `must weigh ${text(one["capacityProvider"])} with 1 or more, got weight ${one["weight"] ?? "none"}`,
            `set ${property}.${i}.weight to 1, or leave out its base`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "cluster-container-insights",
    types: ["aws:ecs/cluster:Cluster"],
    description: "A cluster has Container Insights, where the program has alarms.",
    rationale: "Without it no metric tells the number of running tasks, on which an alarm could be set.",
    fix: "set the containerInsights setting to enabled or enhanced",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["ECS.12"], cdkNag: ["AwsSolutions-ECS4"], checkov: ["CKV_AWS_65"] },
    check(cluster, { stack, report }) {
      // Its metrics are billed, and are of no use to a program that watches none.
      if (stack.of(T.alarm).length === 0) return;
      const isOn = (value: unknown) => ["enabled", "enhanced"].includes(text(value));
      const account = stack.of("aws:ecs/accountSettingDefault:AccountSettingDefault");
      if (account.some(({ props }) => props["name"] === "containerInsights" && isOn(props["value"]))) return;
      const setting = blocks(cluster.props["settings"]).find((one) => one["name"] === "containerInsights");
      const value = text(setting?.["value"]);
      if (!isOn(value))
        report(cluster, `must have Container Insights, as the program has alarms, got ${show(value || undefined)}`);
    },
  },
  {
    scope: "resource",
    name: "cluster-exec-logged",
    types: ["aws:ecs/cluster:Cluster"],
    description: "A cluster does not turn off the log of the commands that people run in containers.",
    rationale: "With the log off, what an operator ran in production leaves no record.",
    fix: "set configuration.executeCommandConfiguration.logging to DEFAULT, or to OVERRIDE with a log group",
    severity: "medium",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_223"] },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    check(cluster, { report }) {
      // Left out it means DEFAULT: the commands go to the log of the container.
      if (at(cluster.props, "configuration.executeCommandConfiguration.logging") === "NONE")
        report(
          cluster,
          "must log commands run in containers, got configuration.executeCommandConfiguration.logging NONE",
          "set configuration.executeCommandConfiguration.logging to DEFAULT",
        );
    },
  },
  {
    scope: "stack",
    name: "service-no-public-ip",
    types: [T.ecsService],
    description: "The tasks of a service get no public address.",
    rationale:
      "A task behind a gateway or load balancer needs none, and one that has none cannot be reached from the internet.",
    fix: "set networkConfiguration.assignPublicIp to false",
    severity: "high",
    level: "mandatory",
    lowUnless: ["private"],
    ids: { securityHub: ["ECS.2"], checkov: ["CKV_AWS_333"] },
    check(service, { stack, report, advise }) {
      // Where no group admits the internet, the address is a way out only, which costs less than a NAT gateway.
      if (isTrue(at(service.props, "networkConfiguration.assignPublicIp")))
        (isOpenToWorld(service, stack) ? report : advise)(
          service,
          "must give its tasks no public address, got networkConfiguration.assignPublicIp true",
          "set networkConfiguration.assignPublicIp to false",
        );
    },
  },
  {
    scope: "resource",
    name: "service-platform-latest",
    types: [T.ecsService],
    description: "A service on Fargate runs on the latest platform version.",
    rationale: "Older ones lack fixes of the kernel and runtime.",
    fix: "set platformVersion to LATEST, or leave it out",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["ECS.10"], checkov: ["CKV_AWS_332"] },
    check(service, { report }) {
      const version = text(service.props["platformVersion"]) || "LATEST";
      if (!latest.includes(version))
        report(
          service,
          `must run on the latest platform, got platformVersion ${show(version)}`,
          "set platformVersion to LATEST",
        );
    },
  },
  {
    scope: "resource",
    name: "task-logs",
    types: [T.ecsTask],
    description: "Every container of a task definition has a log driver.",
    rationale: "What a task wrote without one is lost when the task stops.",
    fix: "set logConfiguration",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECS.9"], cdkNag: ["AwsSolutions-ECS7"] },
    check(task, { report }) {
      // A log router writes the logs of the other containers, and its own where it is told to.
      const silent = containers(task).filter(
        (one) =>
          text(block(one["logConfiguration"])["logDriver"]) === "" &&
          Object.keys(block(one["firelensConfiguration"])).length === 0,
      );
      if (silent.length > 0)
        report(
          task,
          `must keep its logs, got no logDriver in ${named(silent)}`,
          `set logConfiguration of ${named(silent)} to the driver awslogs, with a group, a region and a stream prefix`,
        );
    },
  },
  {
    scope: "resource",
    name: "task-no-plain-secret",
    types: [T.ecsTask],
    description: "A task definition names secrets by reference, not by value.",
    rationale: "Every principal that may describe the task definition reads its variables, in all its revisions.",
    fix: "name it in secrets with valueFrom",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECS.8"] },
    check(task, { report }) {
      const found = secretsIn(variables(task));
      if (found.length > 0)
        report(
          task,
          `must take secrets by reference, got ${found.join(", ")} in environment`,
          `move ${found.join(", ")} from environment to secrets, with valueFrom the ARN of a secret`,
        );
    },
  },
  {
    scope: "resource",
    name: "task-not-privileged",
    types: [T.ecsTask],
    description: "A container shares neither privileges, processes nor network with its host.",
    rationale: "Who takes over such a container controls its host, and every task on it.",
    fix: "set privileged to false, networkMode to awsvpc, and leave pidMode and ipcMode out",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["ECS.1", "ECS.3", "ECS.4"],
      cdkNag: ["ECSTaskDefinitionUserForHostMode"],
      checkov: ["CKV_AWS_334", "CKV_AWS_335"],
    },
    check(task, { report }) {
      for (const key of ["pidMode", "ipcMode", "networkMode"]) {
        if (task.props[key] === "host")
          report(
            task,
            `must not share its host's ${key.slice(0, -4)}, got ${key} "host"`,
            key === "networkMode" ? "set networkMode to awsvpc" : `leave ${key} out`,
          );
      }
      const privileged = containers(task).filter((one) => isTrue(one["privileged"]));
      if (privileged.length > 0)
        report(
          task,
          `must run no container privileged, got ${named(privileged)}`,
          `set privileged to false in ${named(privileged)}`,
        );
    },
  },
  {
    scope: "resource",
    name: "task-read-only-root",
    types: [T.ecsTask],
    description: "A container cannot write to its own root file system.",
    rationale: "An attacker who gets into the container could change its code, or install tools.",
    fix: "set readonlyRootFilesystem to true, with a volume for what must be written",
    severity: "low",
    level: "production",
    ids: { securityHub: ["ECS.5"], checkov: ["CKV_AWS_336"] },
    check(task, { report }) {
      const writable = containers(task).filter((one) => !isTrue(one["readonlyRootFilesystem"]));
      if (writable.length > 0)
        report(
          task,
          `must have a read-only root, got a writable one in ${named(writable)}`,
          `set readonlyRootFilesystem to true in ${named(writable)}, with a volume for what must be written`,
        );
    },
  },
  {
    scope: "stack",
    name: "task-roles-apart",
    types: [T.ecsTask],
    description: "A task has one role for its code and another one for its start.",
    rationale: "With one role the code may read every secret and image that ECS needs for the start.",
    fix: "give taskRoleArn and executionRoleArn different roles",
    severity: "medium",
    level: "production",
    example: examples.none,
    ids: { checkov: ["CKV_AWS_249"] },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
    check(task, { stack, report }) {
      const [own] = stack.targets(task, "taskRoleArn", T.role);
      const [start] = stack.targets(task, "executionRoleArn", T.role);
      const same = own
        ? own === start
        : task.props["taskRoleArn"] && task.props["taskRoleArn"] === task.props["executionRoleArn"];
      if (same) report(task, `must run and start with different roles, got one${own ? `, ${own}` : ""}`);
    },
  },
];

/** `container "web"`, `containers "web", "proxy"`. */
function named(found: readonly Record<string, any>[]): string {
  return `${found.length > 1 ? "containers" : "container"} ${found.map((one) => show(one["name"])).join(", ")}`;
}
