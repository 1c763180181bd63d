import { isOpenToWorld } from "../../network/openings";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";
import { hasTemplate, rootNames, startsFromEncryptedCopy, VOLUME, volumesOf } from "../../stack/volumes";
import { isComputed, secretsIn, userData, variables } from "../../stack/workloads";

const DAY_MS = 86_400_000;
const INSTANCE = "aws:ec2/instance:Instance";
/** Has the same inputs as an instance. */
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";

/** Rules for EC2 launch templates and configurations, instances and volumes. */
export const ec2InstancesRules: readonly Rule[] = [
  /** The only rule that depends on the day it runs; its sentence has no age, so that it is the same on each day. */
  {
    scope: "resource",
    name: "image-release-age",
    types: [T.launchTemplate, INSTANCE],
    description: "A server starts from an image release of the last 90 days, where a tag names the release.",
    rationale:
      "A named release gets no security updates, and when Amazon removes an old image no server starts from it any more.",
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
    scope: "stack",
    name: "metadata-tokens",
    types: [T.launchTemplate, INSTANCE, CONFIGURATION],
    description: "The metadata service of a server asks for a session token, and answers the server only.",
    rationale: "Version 1 gives the server's AWS credentials to each caller that can make the server fetch a URL.",
    fix: "set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["EC2.8", "EC2.170"],
      cdkNag: ["EC2IMDSv2Enabled"],
      checkov: ["CKV_AWS_79", "CKV_AWS_341"],
    },
    check(server, { stack, report, advise }) {
      const options = block(server.props["metadataOptions"]);
      if (options["httpEndpoint"] === "disabled") return;
      const defaults = stack.of("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults");
      const isDefault = defaults.some((one) => one.props["httpTokens"] === "required");
      const tokens = options["httpTokens"];
      const isLeftOut = tokens === undefined || tokens === null;
      if (!(isLeftOut && (isDefault || hasTemplate(server) || hasImageWithTokens(server))) && tokens !== "required") {
        // What an image asks for counts where the server says nothing: since 2023 new images of Amazon ask for tokens.
        const say = isLeftOut ? advise : report;
        say(
          server,
          `must ask for metadata tokens, got metadataOptions.httpTokens ${show(tokens)}`,
          "set metadataOptions.httpTokens to required",
        );
      }
      const hops = number(options["httpPutResponseHopLimit"]) ?? 1;
      // A container on the server needs a second hop.
      if (hops > 1)
        advise(
          server,
          `must keep metadata on the instance, got metadataOptions.httpPutResponseHopLimit ${hops}`,
          "set metadataOptions.httpPutResponseHopLimit to 1",
        );
    },
  },
  {
    scope: "stack",
    name: "server-no-public-ip",
    types: [T.launchTemplate, INSTANCE, CONFIGURATION],
    description: "A server gets no public address.",
    rationale: "A server behind a load balancer needs none, and one that has none cannot be reached from the internet.",
    fix: "set associatePublicIpAddress to false",
    severity: "high",
    level: "production",
    lowUnless: ["private"],
    ids: { securityHub: ["EC2.9", "EC2.25"], checkov: ["CKV_AWS_88"] },
    check(server, { stack, report, advise }) {
      const isTemplate = server.type === T.launchTemplate;
      const cards = isTemplate ? blocks(server.props["networkInterfaces"]) : [server.props];
      const open = cards.findIndex((card) => isTrue(card["associatePublicIpAddress"]));
      // A bastion or a VPN has an address on purpose, and admits those whom it is for.
      if (open >= 0)
        (isOpenToWorld(server, stack) ? report : advise)(
          server,
          "must give servers no public address, got associatePublicIpAddress true",
          `set ${isTemplate ? `networkInterfaces.${open}.` : ""}associatePublicIpAddress to false`,
        );
    },
  },
  {
    scope: "resource",
    name: "user-data-no-secret",
    types: [T.launchTemplate, INSTANCE, CONFIGURATION],
    description: "The user data of a server contains no secret.",
    rationale: "Every principal that may describe the server, and every process on it, can read its user data.",
    fix: "read the secret from Secrets Manager when the server starts",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_46"] },
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    check(server, { report }) {
      const isTemplate = server.type === T.launchTemplate;
      const script = isTemplate ? userData(server) : scriptOf(server);
      const found = secretsIn(isTemplate ? variables(server) : assignments(script));
      if (found.length === 0 && secretsIn({ data: script }).length > 0) found.push("a key");
      if (found.length > 0)
        report(
          server,
          `must have no secret in user data, got ${found.join(", ")}`,
          `read ${found.join(", ")} from Secrets Manager when the server starts`,
        );
    },
  },
  {
    scope: "stack",
    name: "volume-encrypted",
    types: [T.launchTemplate, INSTANCE, CONFIGURATION, VOLUME],
    description: "The volumes of servers are encrypted.",
    rationale: "A snapshot of an unencrypted volume can be shared with another account, and be read there.",
    fix: "set encrypted to true on each volume, or add an aws.ebs.EncryptionByDefault",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["EC2.3", "EC2.181"],
      cdkNag: ["AwsSolutions-EC26"],
      checkov: ["CKV_AWS_3", "CKV_AWS_8"],
    },
    check(resource, { stack, report }) {
      const isDefault = stack
        .of("aws:ebs/encryptionByDefault:EncryptionByDefault")
        .some(({ props }) => props["enabled"] === undefined || isTrue(props["enabled"]));
      if (isDefault) return;
      const volumes = volumesOf(resource);
      const hasKeyedImage = startsFromEncryptedCopy(resource, stack);
      if (volumes.length === 0 && resource.type === T.launchTemplate && !hasKeyedImage)
        return report(
          resource,
          "must declare an encrypted volume, got no blockDeviceMappings",
          "set blockDeviceMappings to the root device of the image with ebs.encrypted true, or add an aws.ebs.EncryptionByDefault",
        );
      // A volume from a snapshot is as encrypted as the snapshot.
      const open = volumes.filter(
        ([name, , one]) =>
          !isTrue(one["encrypted"]) && text(one["snapshotId"]) === "" && !(hasKeyedImage && rootNames.includes(name)),
      );
      if (open.length === 0) return;
      const got = show(open[0]?.[2]["encrypted"]);
      report(
        resource,
        `must encrypt ${open.map(([name]) => name).join(", ")}, got encrypted ${got}`,
        `set ${open.map(([, path]) => `${path} to true`).join(" and ")}, or add an aws.ebs.EncryptionByDefault`,
      );
    },
  },
];

/** Whether a server starts from Amazon Linux 2023, whose images ask for a token unless the server says otherwise. */
function hasImageWithTokens({ props }: Resource): boolean {
  return ["ami", "imageId"].some((key) => {
    const image = peek(() => text(props[key]));
    return image !== UNKNOWN && image.startsWith("resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-");
  });
}

/** What an instance runs when it starts, given as text or in base64. */
function scriptOf({ props }: Resource): string {
  const encoded = text(props["userDataBase64"]);
  return encoded === "" ? text(props["userData"]) : Buffer.from(encoded, "base64").toString("utf8");
}

/** Variables that a shell script sets, by name. */
function assignments(script: string): Record<string, string> {
  const found = script.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(["']?([^"'\n]*).*)/gm);
  const written = [...found].filter(([, , whole = ""]) => !isComputed(whole));
  return Object.fromEntries(written.map(([, name = "", , value = ""]) => [name, value]));
}

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
