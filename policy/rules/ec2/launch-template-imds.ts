import { at, number } from "../../core/read";
import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const launchTemplateImds: ResourceRule = {
  scope: "resource",
  name: "launch-template-imds",
  types: [T.launchTemplate, "aws:ec2/instance:Instance"],
  holds: "Instance metadata asks for a session token and does not leave the instance.",
  why: "Version 1 hands the instance's credentials to whoever can make it fetch a URL.",
  mend: "set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.170", "AutoScaling.3", "AutoScaling.4"], N: ["EC2IMDSv2Enabled"], K: ["79", "341"] },
  check(template, context) {
    requireOneOf(template, context, "metadataOptions.httpTokens", ["required"], "ask for metadata tokens");
    const hops = number(at(template.props, "metadataOptions.httpPutResponseHopLimit")) ?? 1;
    if (hops > 1) context.report(template, `must keep metadata on the instance, got hop limit ${hops}`);
  },
};
