import { block, blocks, isTrue, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const launchTemplateEncrypted: ResourceRule = {
  scope: "resource",
  name: "launch-template-encrypted",
  types: [T.launchTemplate],
  holds: "Volumes of servers are encrypted.",
  why: "Snapshots of plain volumes can be shared and read.",
  mend: "set ebs.encrypted to true on each block device",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.181"], N: ["EC26"] },
  check(template, { report }) {
    const devices = blocks(template.props["blockDeviceMappings"]).filter((one) => one["ebs"] !== undefined);
    if (devices.length === 0) report(template, "must declare an encrypted volume, got no blockDeviceMappings");
    for (const device of devices) {
      const { encrypted } = block(device["ebs"]);
      if (!isTrue(encrypted))
        report(template, `must encrypt ${text(device["deviceName"])}, got encrypted ${show(encrypted)}`);
    }
  },
};
