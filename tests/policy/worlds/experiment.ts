import { trust } from "./network";

/** An experiment that terminates one server, and its role; an alarm of the program, `alarm`, ends it. */
export const experiment = {
  "experiment-role": ["aws:iam/role:Role", { assumeRolePolicy: trust("fis.amazonaws.com") }],
  experiment: [
    "aws:fis/experimentTemplate:ExperimentTemplate",
    {
      roleArn: "@{experiment-role.arn}",
      stopConditions: [{ source: "aws:cloudwatch:alarm", value: "@{alarm.arn}" }],
      targets: [
        {
          name: "server",
          resourceType: "aws:ec2:instance",
          selectionMode: "COUNT(1)",
          resourceTags: [{ key: "environment", value: "prod" }],
        },
      ],
      logConfiguration: {
        logSchemaVersion: 2,
        cloudwatchLogsConfiguration: { logGroupArn: "arn:aws:logs:eu-west-1:123456789012:log-group:experiments:*" },
      },
    },
  ],
} as const;
