import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { containers, secretsIn, variables } from "../../stack/workloads";

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
      for (const one of blocks(resource.props[property])) {
        if ((number(one["base"]) ?? 0) > 0 && !((number(one["weight"]) ?? 0) >= 1))
          report(
            resource,
            `must weigh ${text(one["capacityProvider"])} with 1 or more, got weight ${one["weight"] ?? "none"}`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "cluster-container-insights",
    types: ["aws:ecs/cluster:Cluster"],
    description: "A cluster measures its tasks.",
    rationale: "Without Container Insights there is no number of running tasks to alarm on.",
    fix: "set the containerInsights setting to enabled or enhanced",
    severity: "medium",
    level: "advisory",
    ids: { securityHub: ["ECS.12"], cdkNag: ["AwsSolutions-ECS4"], checkov: ["CKV_AWS_65"] },
    check(cluster, { report }) {
      const setting = blocks(cluster.props["settings"]).find((one) => one["name"] === "containerInsights");
      const value = text(setting?.["value"]);
      if (!["enabled", "enhanced"].includes(value))
        report(cluster, `must have Container Insights, got ${show(value || undefined)}`);
    },
  },
  {
    scope: "resource",
    name: "cluster-exec-logged",
    types: ["aws:ecs/cluster:Cluster"],
    description: "Shells into containers are recorded.",
    rationale: "Otherwise what somebody typed in production is known to him alone.",
    fix: "set configuration.executeCommandConfiguration.logging to OVERRIDE with a log group",
    severity: "medium",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_223", "CKV_AWS_224"] },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    check(cluster, context) {
      requireOneOf(
        cluster,
        context,
        "configuration.executeCommandConfiguration.logging",
        ["OVERRIDE", "DEFAULT"],
        "log shells into containers",
      );
    },
  },
  {
    scope: "resource",
    name: "service-no-public-ip",
    types: [T.ecsService],
    description: "Tasks get no public address.",
    rationale: "A task behind a gateway or balancer needs none, and what has none cannot be scanned.",
    fix: "set networkConfiguration.assignPublicIp to false",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECS.2"], checkov: ["CKV_AWS_333"] },
    check(service, { report }) {
      if (isTrue(at(service.props, "networkConfiguration.assignPublicIp")))
        report(service, "must give its tasks no public address, got assignPublicIp true");
    },
  },
  {
    scope: "resource",
    name: "service-platform-latest",
    types: [T.ecsService],
    description: "Fargate services run on the latest platform version.",
    rationale: "Older ones lack fixes of the kernel and runtime.",
    fix: "set platformVersion to LATEST, or leave it out",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["ECS.10"], checkov: ["CKV_AWS_332"] },
    check(service, { report }) {
      const version = service.props["platformVersion"] ?? "LATEST";
      if (version !== "LATEST") report(service, `must run on the latest platform, got ${show(version)}`);
    },
  },
  {
    scope: "resource",
    name: "task-logs",
    types: [T.ecsTask],
    description: "Containers send their output somewhere.",
    rationale: "What a stopped task wrote is gone with it.",
    fix: "set logConfiguration",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECS.9"], cdkNag: ["AwsSolutions-ECS7"] },
    check(task, { report }) {
      for (const container of containers(task)) {
        if (text(block(container["logConfiguration"])["logDriver"]) === "")
          report(task, `must send its logs somewhere, got no logDriver in container ${show(container["name"])}`);
      }
    },
  },
  {
    scope: "resource",
    name: "task-no-plain-secret",
    types: [T.ecsTask],
    description: "Secrets reach containers by reference.",
    rationale: "Variables of a task definition can be read by everyone who may describe it, in every revision.",
    fix: "name it in secrets with valueFrom",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECS.8"] },
    check(task, { report }) {
      const found = secretsIn(variables(task));
      if (found.length > 0) report(task, `must take secrets by reference, got ${found.join(", ")} in environment`);
    },
  },
  {
    scope: "resource",
    name: "task-not-privileged",
    types: [T.ecsTask],
    description: "Containers share neither privileges, processes nor network with their host.",
    rationale: "A broken container would own the host and every task on it.",
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
          report(task, `must not share its host's ${key.slice(0, -4)}, got ${key} "host"`);
      }
      for (const container of containers(task)) {
        if (isTrue(container["privileged"]))
          report(task, `must not run privileged, got container ${show(container["name"])}`);
      }
    },
  },
  {
    scope: "resource",
    name: "task-read-only-root",
    types: [T.ecsTask],
    description: "Containers cannot write to their own file system.",
    rationale: "An intruder finds no place to put his tools.",
    fix: "set readonlyRootFilesystem to true, with a volume for what must be written",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECS.5"], checkov: ["CKV_AWS_336"] },
    check(task, { report }) {
      for (const container of containers(task)) {
        if (!isTrue(container["readonlyRootFilesystem"]))
          report(task, `must have a read-only root, got container ${show(container["name"])}`);
      }
    },
  },
  {
    scope: "stack",
    name: "task-roles-apart",
    types: [T.ecsTask],
    description: "What starts a container and what runs in it have roles of their own.",
    rationale: "The application could pull images and read every secret that its start may.",
    fix: "give taskRoleArn and executionRoleArn different roles",
    severity: "high",
    level: "mandatory",
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
