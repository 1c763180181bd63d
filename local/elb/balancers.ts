import type { GraphIndex, PlannedResource } from "../../graph/model";
import { BeanstalkSettings, beanstalkTargetGroupKey } from "../elasticbeanstalk/environments";
import type { ServerChoice } from "../local-compute";
import type { TimeScale } from "../time-scale";
import { oneOf, unsupported } from "../unsupported";
import { TargetGroup, type TargetGroupSpec } from "./target-group";

/**
 * Behaves like the planned load balancers: chooses a server for each request to a listener. Has every listener and
 * target group of all regions, including the target groups that Beanstalk adds.
 */
export class Balancers {
  /** By ARN, or `beanstalkTargetGroupKey` of an environment process. */
  readonly groups: ReadonlyMap<string, TargetGroup>;
  /** Target group by listener ARN; undefined where the listener itself answers 503. */
  private readonly listeners: ReadonlyMap<string, TargetGroup | undefined>;

  constructor(index: GraphIndex, time: TimeScale) {
    const beanstalkSettings = index
      .ofType("aws:elasticbeanstalk/environment:Environment")
      .map((each) => new BeanstalkSettings(each));
    const specs = [
      ...index.ofType("aws:lb/targetGroup:TargetGroup").map(readTargetGroup),
      ...beanstalkSettings.map(readBeanstalkProcess),
    ];
    this.groups = new Map(specs.map((spec) => [spec.key, new TargetGroup(spec, time)]));
    for (const rule of index.ofType("aws:lb/listenerRule:ListenerRule")) {
      unsupported(rule, "listenerArn", "of a listener without rules", rule.outputs["listenerArn"]);
    }
    this.listeners = new Map(
      index.ofType("aws:lb/listener:Listener").map((listener) => {
        const key = beanstalkRuleTargetGroup(index, listener, beanstalkSettings) ?? defaultTargetGroupArn(listener);
        const group = key === undefined ? undefined : this.groups.get(key);
        if (key !== group?.spec.key) unsupported(listener, "defaultActions", "forward to a planned target group", key);
        return [listener.outputs["arn"], group];
      }),
    );
  }

  has(listenerArn: string): boolean {
    return this.listeners.has(listenerArn);
  }

  pick(listenerArn: string): ServerChoice {
    return this.listeners.get(listenerArn)?.pick() ?? { kind: "none", via: "balancer" };
  }
}

/** Returns the ARN of the default action's target group; undefined for a fixed 503. */
function defaultTargetGroupArn(listener: PlannedResource): string | undefined {
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

/**
 * Returns the target group of the rule that a Beanstalk environment adds to a shared balancer's listener. Supports only
 * a rule for every path.
 */
function beanstalkRuleTargetGroup(
  index: GraphIndex,
  listener: PlannedResource,
  beanstalkSettings: readonly BeanstalkSettings[],
): string | undefined {
  for (const settings of beanstalkSettings) {
    const { beanstalkEnvironment } = settings;
    const balancer = index.arn(listener.outputs["loadBalancerArn"]);
    const shared = settings.namespace("aws:elbv2:loadbalancer")["SharedLoadBalancer"];
    const rule = settings.namespace(`aws:elbv2:listener:${listener.outputs["port"]}`)["Rules"];
    if (rule === undefined || balancer === undefined || shared !== balancer.outputs["arn"]) continue;
    const settingsOfRule = settings.namespace(`aws:elbv2:listenerrule:${rule}`);
    oneOf(beanstalkEnvironment, `rule ${rule} PathPatterns`, ["/*"], settingsOfRule["PathPatterns"]);
    oneOf(beanstalkEnvironment, `rule ${rule} HostHeaders`, [undefined], settingsOfRule["HostHeaders"]);
    return beanstalkTargetGroupKey(
      beanstalkEnvironment,
      oneOf(beanstalkEnvironment, `rule ${rule} Process`, ["default"], settingsOfRule["Process"]),
    );
  }
  return undefined;
}

/** Reads a target group. Defaults are those of the Elastic Load Balancing API. */
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
    minimumHealthyTargets: Number(outputs["targetGroupHealth"]?.unhealthyStateRouting?.minimumHealthyTargetsCount ?? 1),
  };
}

/**
 * Reads the target group of a Beanstalk environment's default process. All its settings must be planned, as Beanstalk's
 * defaults differ from the balancer's.
 */
function readBeanstalkProcess(settings: BeanstalkSettings): TargetGroupSpec {
  const get = (name: string) => settings.get("aws:elasticbeanstalk:environment:process:default", name);
  const optional = settings.namespace("aws:elasticbeanstalk:environment:process:default");
  oneOf(
    settings.beanstalkEnvironment,
    "process default StickinessEnabled",
    [undefined, "false"],
    optional["StickinessEnabled"],
  );
  return {
    key: beanstalkTargetGroupKey(settings.beanstalkEnvironment, "default"),
    algorithm: "round_robin",
    path: get("HealthCheckPath"),
    matcher: optional["MatcherHTTPCode"] ?? "200",
    intervalSeconds: Number(get("HealthCheckInterval")),
    timeoutSeconds: Number(get("HealthCheckTimeout")),
    healthyThreshold: Number(get("HealthyThresholdCount")),
    unhealthyThreshold: Number(get("UnhealthyThresholdCount")),
    deregistrationSeconds: Number(get("DeregistrationDelay")),
    minimumHealthyTargets: 1,
  };
}
