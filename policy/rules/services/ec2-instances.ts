import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { secretsIn, userData, variables } from "../../stack/workloads";

const DAY_MS = 86_400_000;

/** Rules for EC2 launch templates. */
export const ec2InstancesRules: readonly Rule[] = [
  /** The only rule that depends on the day it runs; its sentence has no age, so that it is the same on each day. */
  {
    scope: "resource",
    name: "image-release-age",
    types: [T.launchTemplate, "aws:ec2/instance:Instance"],
    description: "Servers start from an image release of the last 90 days, as far as a tag names the release.",
    rationale:
      "A named release gets no security updates, and Amazon removes old images one day: then no server starts.",
    fix: "test and name a newer release",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/linux/al2023/release-notes/relnotes.html",
    settings: {
      days: { type: "integer", description: "Age in days above which a release is old.", default: 90 },
      tag: {
        type: "string",
        description: "Tag with the release; its value contains the date as YYYYMMDD.",
        default: "image-release",
      },
      today: {
        type: "string",
        description: "Day to compare with, YYYY-MM-DD; empty: the day the pack runs, by UTC.",
        default: "",
      },
    },
    check(server, { setting, report }) {
      const release = text(block(server.props["tags"])[setting<string>("tag")]);
      const day = dayOf(release);
      if (day === undefined) return;
      const days = setting<number>("days");
      if (today(setting("today")) - day > days * DAY_MS)
        report(server, `must start from an image release of the last ${days} days, got ${show(release)}`);
    },
  },
  {
    scope: "resource",
    name: "launch-template-encrypted",
    types: [T.launchTemplate],
    description: "Volumes of servers are encrypted.",
    rationale: "Snapshots of plain volumes can be shared and read.",
    fix: "set ebs.encrypted to true on each block device",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["EC2.181"], cdkNag: ["AwsSolutions-EC26"] },
    check(template, { report }) {
      const devices = blocks(template.props["blockDeviceMappings"]).filter((one) => one["ebs"] !== undefined);
      if (devices.length === 0) report(template, "must declare an encrypted volume, got no blockDeviceMappings");
      for (const device of devices) {
        const { encrypted } = block(device["ebs"]);
        if (!isTrue(encrypted))
          report(template, `must encrypt ${text(device["deviceName"])}, got encrypted ${show(encrypted)}`);
      }
    },
  },
  {
    scope: "resource",
    name: "launch-template-imds",
    types: [T.launchTemplate, "aws:ec2/instance:Instance"],
    description: "Instance metadata asks for a session token and does not leave the instance.",
    rationale: "Version 1 hands the instance's credentials to whoever can make it fetch a URL.",
    fix: "set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["EC2.170", "AutoScaling.3", "AutoScaling.4"],
      cdkNag: ["EC2IMDSv2Enabled"],
      checkov: ["CKV_AWS_79", "CKV_AWS_341"],
    },
    check(template, context) {
      requireOneOf(template, context, "metadataOptions.httpTokens", ["required"], "ask for metadata tokens");
      const hops = number(at(template.props, "metadataOptions.httpPutResponseHopLimit")) ?? 1;
      if (hops > 1) context.report(template, `must keep metadata on the instance, got hop limit ${hops}`);
    },
  },
  {
    scope: "resource",
    name: "launch-template-no-public-ip",
    types: [T.launchTemplate],
    description: "Servers get no public address.",
    rationale: "Servers behind a load balancer need none, and what has none cannot be scanned.",
    fix: "set associatePublicIpAddress to false on each network interface",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["EC2.25"], checkov: ["CKV_AWS_88"] },
    check(template, { report }) {
      for (const card of blocks(template.props["networkInterfaces"])) {
        if (isTrue(card["associatePublicIpAddress"]))
          report(template, "must give no public address, got associatePublicIpAddress true");
      }
    },
  },
  {
    scope: "resource",
    name: "launch-template-no-secret",
    types: [T.launchTemplate],
    description: "User data holds no secret.",
    rationale: "Whoever may describe the template, or reach the metadata, reads it.",
    fix: "read it from Secrets Manager at the start",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_46"] },
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    check(template, { report }) {
      const found = secretsIn(variables(template));
      if (found.length === 0 && secretsIn({ data: userData(template) }).length > 0) found.push("a key");
      if (found.length > 0) report(template, `must hold no secret in user data, got ${found.join(", ")}`);
    },
  },
];

/** Returns the configured day, else the current one by UTC, in milliseconds. */
function today(configured: string): number {
  const day = Date.parse(configured === "" ? new Date().toISOString().slice(0, 10) : configured);
  if (Number.isNaN(day))
    throw new Error(
      `rule "image-release-age": today must be a day as YYYY-MM-DD, got ${show(configured)}; change it in the pack's configuration`,
    );
  return day;
}

/** Returns the day in a release such as `2023.12.20261012.0`, in milliseconds; undefined when it has none. */
function dayOf(release: string): number | undefined {
  const [, year, month, date] = /(?:^|\D)(20\d\d)(\d\d)(\d\d)(?:\D|$)/.exec(release) ?? [];
  const day = Date.parse(`${year}-${month}-${date}`);
  return Number.isNaN(day) ? undefined : day;
}
