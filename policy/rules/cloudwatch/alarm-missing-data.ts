import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const alarmMissingData: ResourceRule = {
  scope: "resource",
  name: "alarm-missing-data",
  types: [T.alarm],
  holds: "An alarm says what the absence of data means.",
  why: "By default it keeps its colour, and a dead service is a quiet one.",
  mend: "set treatMissingData to breaching, notBreaching or ignore",
  severity: "medium",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
  check(alarm, context) {
    requireOneOf(
      alarm,
      context,
      "treatMissingData",
      ["breaching", "notBreaching", "ignore"],
      "say what missing data means",
    );
  },
};
