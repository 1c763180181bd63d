import { parse } from "yaml";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { autoScalingReplacement, refreshOrder } from "../processes/replacement";
import type { ServerGroup } from "../processes/server-group";
import { uploadedFolder } from "../s3/artifacts";
import { required, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";
import { roleOfProfile } from "./instance-profile";

/** Reads every planned Auto Scaling group. What its servers run is in the user data of the launch template. */
export function readAutoScalingGroups(index: GraphIndex, zones: Zones): ServerGroup[] {
  return index.ofType("aws:autoscaling/group:Group").map((group) => {
    const template = templateOf(index, group);
    const config = new CloudConfig(template);
    const [bucket, key] = config.artifact();
    const env = parseLines(config.file(/^\/etc\/platform\/[^/]+\.env$/));
    const unit = parseLines(config.file(/\.service$/));
    const capacity = group.outputs["desiredCapacity"] ?? group.outputs["minSize"];
    const desired = required<number>(group, "desiredCapacity", capacity);
    const { iamInstanceProfile: profile } = template.outputs;
    const role = roleOfProfile(index, profile?.arn ?? profile?.name);
    const usesBalancerHealth = group.outputs["healthCheckType"] === "ELB";
    return {
      id: group.urn,
      service: env["SERVICE_NAME"] ?? group.name,
      region: group.region!,
      pattern: "ec2",
      zones: zones.ofSubnets(group, "vpcZoneIdentifiers", group.outputs["vpcZoneIdentifiers"]),
      desired,
      env: { ...parsePair(unit["Environment"]), ...env },
      ...(role && { role }),
      command: commandOf(template, unit["ExecStart"]),
      cwd: uploadedFolder(index, template, bucket, key),
      ...(usesBalancerHealth ? { balancerGraceSeconds: group.outputs["healthCheckGracePeriod"] ?? 300 } : {}),
      replacement: autoScalingReplacement(desired, group.outputs["instanceMaintenancePolicy"]),
      deployment: refreshOrder(group.outputs["instanceRefresh"]?.preferences),
      restartsInPlace: true,
      // systemd's defaults: 100 ms, 90 s.
      restartSeconds: Number(unit["RestartSec"] ?? 0.1),
      stopTimeoutSeconds: Number(unit["TimeoutStopSec"] ?? 90),
      registersWith: group.outputs["targetGroupArns"] ?? [],
    };
  });
}

function templateOf(index: GraphIndex, group: PlannedResource): PlannedResource {
  const mixed = group.outputs["mixedInstancesPolicy"]?.launchTemplate?.launchTemplateSpecification;
  const id = group.outputs["launchTemplate"]?.id ?? mixed?.launchTemplateId;
  return index.one("aws:ec2/launchTemplate:LaunchTemplate", { id: required(group, "launchTemplate", id) });
}

/** User data of a launch template, which must be a cloud-config: the parts that say what a server runs. */
class CloudConfig {
  private readonly config: any;

  constructor(private readonly template: PlannedResource) {
    const text = Buffer.from(template.outputs["userData"] ?? "", "base64").toString();
    if (!text.startsWith("#cloud-config\n")) unsupported(template, "userData", "a cloud-config", text.slice(0, 40));
    this.config = parse(text);
  }

  /** Returns the content of the one file whose path matches. */
  file(path: RegExp): string {
    const found = (this.config.write_files ?? []).filter((file: any) => path.test(file.path));
    if (found.length !== 1) unsupported(this.template, `userData write_files ${path}`, "one file", found.length);
    return found[0].content;
  }

  /** Returns bucket and key of the object that the server copies from S3. */
  artifact(): [string, string] {
    const copy = (this.config.runcmd ?? []).find(
      (line: any) => Array.isArray(line) && line.slice(0, 3).join(" ") === "aws s3 cp",
    );
    const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(copy?.[3] ?? "");
    return match ? [match[1]!, match[2]!] : unsupported(this.template, "userData runcmd", "a copy from S3", copy);
  }
}

/** Parses the `KEY=value` lines of a file of environment variables or a systemd unit; of equal keys the last counts. */
function parseLines(text: string): Record<string, string> {
  return Object.assign({}, ...text.split("\n").map(parsePair));
}

function parsePair(line: string | undefined): Record<string, string> {
  const at = line?.indexOf("=") ?? -1;
  return at > 0 ? { [line!.slice(0, at)]: line!.slice(at + 1) } : {};
}

function commandOf(template: PlannedResource, line: string | undefined): string[] {
  const words = required<string>(template, "userData ExecStart", line).split(" ");
  return words[0] === "/usr/bin/env" ? words.slice(1) : words;
}
