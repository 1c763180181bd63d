import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const taskRolesApart: StackRule = {
  scope: "stack",
  name: "task-roles-apart",
  types: [T.ecsTask],
  holds: "What starts a container and what runs in it have roles of their own.",
  why: "The application could pull images and read every secret that its start may.",
  mend: "give taskRoleArn and executionRoleArn different roles",
  severity: "high",
  level: "mandatory",
  ids: { K: ["249"] },
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
  check(task, { stack, report }) {
    const [own] = stack.targets(task, "taskRoleArn", T.role);
    const [start] = stack.targets(task, "executionRoleArn", T.role);
    const same = own
      ? own === start
      : task.props["taskRoleArn"] && task.props["taskRoleArn"] === task.props["executionRoleArn"];
    if (same) report(task, `must run and start with different roles, got one${own ? `, ${own}` : ""}`);
  },
};
