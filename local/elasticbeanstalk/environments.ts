import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { roleOfProfile } from "../ec2/instance-profile";
import { autoScalingReplacement, beanstalkOrder } from "../processes/replacement";
import type { ServerGroup } from "../processes/server-group";
import { uploadedFolder } from "../s3/artifacts";
import { parameterName } from "../ssm/parameters";
import { required, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";
import { readBalancerGrace } from "./configuration-files";

/** Beanstalk runs the web process under systemd, which restarts it after a second. */
const restartSeconds = 1;
const stopTimeoutSeconds = 90;

/** The option settings of one Beanstalk environment, by namespace and name. */
export class BeanstalkSettings {
  constructor(readonly beanstalkEnvironment: PlannedResource) {}

  /** Returns a setting. @throws {UserError} when it is not planned */
  get(namespace: string, name: string): string {
    return required<string>(this.beanstalkEnvironment, `setting ${namespace} ${name}`, this.namespace(namespace)[name]);
  }

  namespace(namespace: string): Record<string, string> {
    const all: any[] = this.beanstalkEnvironment.outputs["settings"] ?? [];
    return Object.fromEntries(
      all.filter((each) => each.namespace === namespace).map((each) => [each.name, each.value]),
    );
  }
}

/** Returns the key of the target group that Beanstalk makes for an environment process; it has no planned ARN. */
export function beanstalkTargetGroupKey(beanstalkEnvironment: PlannedResource, process: string): string {
  return `${beanstalkEnvironment.urn}#${process}`;
}

/** Reads every planned Beanstalk environment. What its servers run is in the artifact of its version. */
export function readBeanstalkEnvironments(index: GraphIndex, zones: Zones, root: string): ServerGroup[] {
  return index.ofType("aws:elasticbeanstalk/environment:Environment").map((beanstalkEnvironment) => {
    const settings = new BeanstalkSettings(beanstalkEnvironment);
    const cwd = versionFolder(index, beanstalkEnvironment);
    const balancerGraceSeconds = readBalancerGrace(beanstalkEnvironment, resolve(root, cwd));
    const desired = Number(settings.get("aws:autoscaling:asg", "MinSize"));
    const env = environmentOf(settings);
    const profile = settings.namespace("aws:autoscaling:launchconfiguration")["IamInstanceProfile"];
    const role = roleOfProfile(index, profile);
    return {
      id: beanstalkEnvironment.urn,
      service: env["SERVICE_NAME"] ?? beanstalkEnvironment.name,
      region: beanstalkEnvironment.region!,
      pattern: "beanstalk",
      zones: zones.ofSubnets(
        beanstalkEnvironment,
        "setting Subnets",
        settings.get("aws:ec2:vpc", "Subnets").split(","),
      ),
      desired,
      env,
      ...(role && { role }),
      command: webCommand(beanstalkEnvironment, resolve(root, cwd)),
      cwd,
      ...(balancerGraceSeconds === undefined ? {} : { balancerGraceSeconds }),
      replacement: autoScalingReplacement(desired), // Beanstalk gives its group no instance maintenance policy
      deployment: beanstalkOrder(settings.namespace("aws:elasticbeanstalk:command")["DeploymentPolicy"]),
      restartsInPlace: true,
      restartSeconds,
      stopTimeoutSeconds,
      registersWith: [beanstalkTargetGroupKey(beanstalkEnvironment, "default")],
    };
  });
}

/** Variables of the servers, and the parameters of their secrets, which Beanstalk reads when a server starts. */
function environmentOf(settings: BeanstalkSettings): Record<string, string> {
  const secrets = Object.entries(settings.namespace("aws:elasticbeanstalk:application:environmentsecrets"));
  return {
    ...settings.namespace("aws:elasticbeanstalk:application:environment"),
    ...Object.fromEntries(
      secrets.map(([name, arn]) => [
        `${name}_PARAMETER`,
        parameterName(settings.beanstalkEnvironment, `environmentsecrets ${name}`, arn),
      ]),
    ),
  };
}

function versionFolder(index: GraphIndex, beanstalkEnvironment: PlannedResource): string {
  const label = beanstalkEnvironment.outputs["version"];
  const found = index
    .ofType("aws:elasticbeanstalk/applicationVersion:ApplicationVersion")
    .filter(
      (each) =>
        each.region === beanstalkEnvironment.region && (each.outputs["name"] === label || each.outputs["id"] === label),
    );
  const version =
    found.length === 1 ? found[0]! : unsupported(beanstalkEnvironment, "version", "a planned version", label);
  return uploadedFolder(index, version, version.outputs["bucket"], version.outputs["key"]);
}

/** The `web` process of the artifact's Procfile. */
function webCommand(beanstalkEnvironment: PlannedResource, folder: string): string[] {
  const path = join(folder, "Procfile");
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const line = /^web:\s*(.+)$/m.exec(text ?? "")?.[1];
  return (
    line?.trim().split(/\s+/) ??
    unsupported(beanstalkEnvironment, "version", "a folder with a Procfile that has a web process", folder)
  );
}
