import type { Rule } from "../../pack/rule";
import { isSet } from "../../stack/invocations";
import { block, blocks, list, show, text, texts } from "../../stack/read";
import { peek, UNKNOWN } from "../../stack/unknown";

const template = "aws:fis/experimentTemplate:ExperimentTemplate";
const manual = "https://docs.aws.amazon.com/fis/latest/userguide";

/** Rules for experiments of Fault Injection Service. Who may assume their roles is a rule of IAM. */
export const fisRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "experiment-stop-condition",
    types: [template],
    description: "An alarm ends an experiment when more fails than it should break.",
    rationale: "An experiment otherwise goes on until its end, however much it breaks.",
    fix: "set stopConditions to source aws:cloudwatch:alarm and the ARN of an alarm that the experiment itself does not set off",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: `${manual}/stop-conditions.html`,
    check(experiment, { report }) {
      const sources = blocks(experiment.props["stopConditions"]).map(({ source }) => text(source));
      if (!sources.includes("aws:cloudwatch:alarm"))
        report(
          experiment,
          `must end by an alarm, got ${sources.length === 0 ? "no stop condition" : show(sources[0])}`,
        );
    },
  },
  {
    scope: "resource",
    name: "experiment-log",
    types: [template],
    description: "An experiment is logged.",
    rationale: "The log alone says which resources an experiment found and broke.",
    fix: "set logConfiguration.cloudwatchLogsConfiguration.logGroupArn to the ARN of a log group with :* at its end",
    severity: "medium",
    level: "production",
    ids: {},
    url: `${manual}/monitoring-logging.html`,
    check(experiment, { report }) {
      const logs = ["cloudwatchLogsConfiguration.logGroupArn", "s3Configuration.bucketName"];
      if (!logs.some((path) => isSet(experiment, `logConfiguration.${path}`)))
        report(experiment, "must be logged, got no logConfiguration");
    },
  },
  {
    scope: "resource",
    name: "experiment-targets",
    types: [template],
    description: "Each target of an experiment is narrowed to its environment, by ARNs or by a tag of the environment.",
    rationale: "An experiment otherwise breaks what other environments of the account run.",
    fix: "set resourceArns of the target, or resourceTags with the tag of the environment",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: `${manual}/targets.html`,
    settings: {
      tags: {
        type: "array",
        description: "Keys of tags that tell environments apart; one of them narrows a target. Case does not count.",
        default: ["environment", "env", "stage"],
      },
    },
    check(experiment, { report, setting }) {
      const keys = texts(setting("tags")).map((key) => key.toLowerCase());
      for (const target of blocks(experiment.props["targets"])) {
        const arns = peek(() => list(target["resourceArns"]));
        if (arns === UNKNOWN || arns.length > 0) continue;
        const tags = blocks(target["resourceTags"]).map((tag) => text(block(tag)["key"]));
        if (tags.some((key) => keys.includes(key.toLowerCase()))) continue;
        const got = tags.length === 0 ? "neither ARNs nor tags" : `only the tags ${tags.join(", ")}`;
        report(
          experiment,
          `must narrow its target ${show(text(target["name"]))} to the environment, got ${got}`,
          `set resourceArns of the target, or add one of ${keys.join(", ")} to resourceTags`,
        );
      }
    },
  },
];
