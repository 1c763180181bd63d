import { block, show, text, texts } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const shallowHealthPath: ResourceRule = {
  scope: "resource",
  name: "shallow-health-path",
  types: [T.targetGroup, T.beanstalk, T.healthCheck],
  holds: "Health checks ask a path that tests the process, not what it depends on.",
  why: "A check on a shared dependency takes every server, and both regions, out at once.",
  mend: "point the check at a path such as /healthz that answers from memory",
  severity: "high",
  level: "mandatory",
  ids: { availability: 19 },
  url: "https://aws.amazon.com/builders-library/implementing-health-checks/",
  settings: {
    paths: {
      type: "array",
      description: "Last parts of paths that are known to be shallow.",
      default: ["healthz", "health", "livez", "live", "ping", "up"],
    },
  },
  check(resource, { report, setting }) {
    const path = pathOf(resource);
    if (path === undefined) return;
    const last = path.split("?")[0]?.split("/").pop() ?? "";
    if (!texts(setting("paths")).includes(last)) report(resource, `must ask a shallow path, got ${show(path)}`);
  },
};

function pathOf(resource: Resource): string | undefined {
  if (resource.type === T.beanstalk)
    return settings(resource)("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath");
  if (resource.type === T.targetGroup) return text(block(resource.props["healthCheck"])["path"]) || undefined;
  return /^HTTPS?(_STR_MATCH)?$/.test(text(resource.props["type"]))
    ? text(resource.props["resourcePath"]) || "/"
    : undefined;
}
