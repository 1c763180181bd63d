import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { Choice } from "../backends";
import { processKey, Settings } from "../elasticbeanstalk/environments";
import type { TimeScale } from "../time-scale";
import { oneOf, unsupported } from "../unsupported";
import { TargetGroup, type TargetGroupSpec } from "./target-group";

/** Every planned listener and target group of all regions, those that Beanstalk adds included. */
export class Balancers {
  /** By ARN, or the key of a Beanstalk process. */
  readonly groups: ReadonlyMap<string, TargetGroup>;
  /** Target group by listener ARN; undefined where the listener itself answers 503. */
  private readonly listeners: ReadonlyMap<string, TargetGroup | undefined>;

  constructor(index: GraphIndex, time: TimeScale) {
    const environments = index.ofType("aws:elasticbeanstalk/environment:Environment").map((each) => new Settings(each));
    const specs = [
      ...index.ofType("aws:lb/targetGroup:TargetGroup").map(readTargetGroup),
      ...environments.map(readProcess),
    ];
    this.groups = new Map(specs.map((spec) => [spec.key, new TargetGroup(spec, time)]));
    for (const rule of index.ofType("aws:lb/listenerRule:ListenerRule")) {
      unsupported(rule, "listenerArn", "of a listener without rules", rule.outputs["listenerArn"]);
    }
    this.listeners = new Map(
      index.ofType("aws:lb/listener:Listener").map((listener) => {
        const key = beanstalkRule(index, listener, environments) ?? defaultTarget(listener);
        const group = key === undefined ? undefined : this.groups.get(key);
        if (key !== group?.spec.key) unsupported(listener, "defaultActions", "forward to a planned target group", key);
        return [listener.outputs["arn"], group];
      }),
    );
  }

  has(listenerArn: string): boolean {
    return this.listeners.has(listenerArn);
  }

  pick(listenerArn: string): Choice {
    return this.listeners.get(listenerArn)?.pick() ?? { kind: "none", via: "balancer" };
  }
}

/** Target group of the default action; undefined for a fixed 503. */
function defaultTarget(listener: PlannedResource): string | undefined {
  oneOf(listener, "protocol", ["HTTP"], listener.outputs["protocol"]);
  const actions: any[] = listener.outputs["defaultActions"] ?? [];
  if (actions.length !== 1) unsupported(listener, "defaultActions", "one action", actions.length);
  const [action] = actions;
  if (oneOf(listener, "defaultActions[0].type", ["forward", "fixed-response"], action.type) === "forward") {
    return action.targetGroupArn ?? unsupported(listener, "defaultActions[0].targetGroupArn", "set", action.forward);
  }
  oneOf(listener, "defaultActions[0].fixedResponse.statusCode", ["503"], action.fixedResponse?.statusCode);
  return undefined;
}

/** The rule that an environment adds to a shared balancer's listener: it must take every path, and only that is done here. */
function beanstalkRule(
  index: GraphIndex,
  listener: PlannedResource,
  environments: readonly Settings[],
): string | undefined {
  for (const settings of environments) {
    const { environment } = settings;
    const balancer = index.arn(listener.outputs["loadBalancerArn"]);
    const shared = settings.namespace("aws:elbv2:loadbalancer")["SharedLoadBalancer"];
    const rule = settings.namespace(`aws:elbv2:listener:${listener.outputs["port"]}`)["Rules"];
    if (rule === undefined || balancer === undefined || shared !== balancer.outputs["arn"]) continue;
    const settingsOfRule = settings.namespace(`aws:elbv2:listenerrule:${rule}`);
    oneOf(environment, `rule ${rule} PathPatterns`, ["/*"], settingsOfRule["PathPatterns"]);
    oneOf(environment, `rule ${rule} HostHeaders`, [undefined], settingsOfRule["HostHeaders"]);
    return processKey(environment, oneOf(environment, `rule ${rule} Process`, ["default"], settingsOfRule["Process"]));
  }
  return undefined;
}

/** Defaults are those of the Elastic Load Balancing API. */
function readTargetGroup(group: PlannedResource): TargetGroupSpec {
  const { outputs } = group;
  const check = outputs["healthCheck"] ?? {};
  oneOf(group, "healthCheck.enabled", [undefined, true], check.enabled);
  oneOf(group, "healthCheck.port", [undefined, "traffic-port"], check.port);
  oneOf(group, "protocol", ["HTTP"], outputs["protocol"]);
  oneOf(group, "stickiness.enabled", [undefined, false], outputs["stickiness"]?.enabled);
  oneOf(group, "slowStart", [undefined, 0], outputs["slowStart"]);
  oneOf(
    group,
    "loadBalancingCrossZoneEnabled",
    [undefined, "use_load_balancer_configuration", "true"],
    outputs["loadBalancingCrossZoneEnabled"],
  );
  const algorithms = ["round_robin", "least_outstanding_requests"] as const;
  return {
    key: outputs["arn"],
    algorithm: oneOf(
      group,
      "loadBalancingAlgorithmType",
      algorithms,
      outputs["loadBalancingAlgorithmType"] ?? "round_robin",
    ),
    path: check.path ?? "/",
    matcher: check.matcher ?? "200",
    intervalSeconds: check.interval ?? 30,
    timeoutSeconds: check.timeout ?? 5,
    healthyThreshold: check.healthyThreshold ?? 5,
    unhealthyThreshold: check.unhealthyThreshold ?? 2,
    deregistrationSeconds: Number(outputs["deregistrationDelay"] ?? 300),
    minimumHealthy: Number(outputs["targetGroupHealth"]?.unhealthyStateRouting?.minimumHealthyTargetsCount ?? 1),
  };
}

/** The default process of an environment. Beanstalk's own defaults differ from the balancer's: all must be planned. */
function readProcess(settings: Settings): TargetGroupSpec {
  const get = (name: string) => settings.get("aws:elasticbeanstalk:environment:process:default", name);
  const optional = settings.namespace("aws:elasticbeanstalk:environment:process:default");
  oneOf(settings.environment, "process default StickinessEnabled", [undefined, "false"], optional["StickinessEnabled"]);
  return {
    key: processKey(settings.environment, "default"),
    algorithm: "round_robin",
    path: get("HealthCheckPath"),
    matcher: optional["MatcherHTTPCode"] ?? "200",
    intervalSeconds: Number(get("HealthCheckInterval")),
    timeoutSeconds: Number(get("HealthCheckTimeout")),
    healthyThreshold: Number(get("HealthyThresholdCount")),
    unhealthyThreshold: Number(get("UnhealthyThresholdCount")),
    deregistrationSeconds: Number(get("DeregistrationDelay")),
    minimumHealthy: 1,
  };
}
