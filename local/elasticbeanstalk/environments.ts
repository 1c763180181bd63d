import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { ServerGroup } from "../processes/server-group";
import { uploadedFolder } from "../s3/artifacts";
import { required, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";

/** Beanstalk's process manager is systemd: the platform restarts a web process after a second. */
const restartSeconds = 1;
const stopTimeoutSeconds = 90;

/** Settings of one environment by namespace and name. */
export class Settings {
  constructor(readonly environment: PlannedResource) {}

  get(namespace: string, name: string): string {
    return required<string>(this.environment, `setting ${namespace} ${name}`, this.namespace(namespace)[name]);
  }

  namespace(namespace: string): Record<string, string> {
    const all: any[] = this.environment.outputs["settings"] ?? [];
    return Object.fromEntries(
      all.filter((each) => each.namespace === namespace).map((each) => [each.name, each.value]),
    );
  }
}

/** Name of the target group that Beanstalk makes for a process of an environment; it has no planned ARN. */
export function processKey(environment: PlannedResource, process: string): string {
  return `${environment.urn}#${process}`;
}

/** Every planned Elastic Beanstalk environment. Its group checks instances, not HTTP: no server is replaced for that. */
export function readBeanstalk(index: GraphIndex, zones: Zones, root: string): ServerGroup[] {
  return index.ofType("aws:elasticbeanstalk/environment:Environment").map((environment) => {
    const settings = new Settings(environment);
    const cwd = versionFolder(index, environment);
    const env = settings.namespace("aws:elasticbeanstalk:application:environment");
    return {
      id: environment.urn,
      service: env["SERVICE_NAME"] ?? environment.name,
      region: environment.region!,
      pattern: "beanstalk",
      zones: zones.ofSubnets(environment, "setting Subnets", settings.get("aws:ec2:vpc", "Subnets").split(",")),
      desired: Number(settings.get("aws:autoscaling:asg", "MinSize")),
      env,
      command: webCommand(environment, resolve(root, cwd)),
      cwd,
      restartSeconds,
      stopTimeoutSeconds,
      registersWith: [processKey(environment, "default")],
    };
  });
}

function versionFolder(index: GraphIndex, environment: PlannedResource): string {
  const label = environment.outputs["version"];
  const found = index
    .ofType("aws:elasticbeanstalk/applicationVersion:ApplicationVersion")
    .filter(
      (each) => each.region === environment.region && (each.outputs["name"] === label || each.outputs["id"] === label),
    );
  const version = found.length === 1 ? found[0]! : unsupported(environment, "version", "a planned version", label);
  return uploadedFolder(index, version, version.outputs["bucket"], version.outputs["key"]);
}

/** The `web` process of the artifact's Procfile. */
function webCommand(environment: PlannedResource, folder: string): string[] {
  const path = join(folder, "Procfile");
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const line = /^web:\s*(.+)$/m.exec(text ?? "")?.[1];
  return (
    line?.trim().split(/\s+/) ??
    unsupported(environment, "version", "a folder with a Procfile that has a web process", folder)
  );
}
