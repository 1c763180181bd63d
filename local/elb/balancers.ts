import type { GraphIndex, PlannedResource } from "../../graph/model";
import { BeanstalkSettings, beanstalkTargetGroupKey } from "../elasticbeanstalk/environments";
import type { ServerChoice } from "../local-compute";
import type { TimeScale } from "../time-scale";
import { oneOf, required, unsupported } from "../unsupported";
import { TargetGroup, type TargetGroupSpec } from "./target-group";

/** A rule of a listener: requests to one host go to a target group. */
interface ListenerRule {
  /** Lower case; a balancer does not tell cases apart. */
  readonly host: string;
  readonly group: TargetGroup;
}

/** What a listener does with a request that no rule matches: it forwards it, or answers itself. */
type DefaultAction = TargetGroup | Extract<ServerChoice, { kind: "fixed" }>;

interface Listener {
  readonly rules: readonly ListenerRule[];
  readonly defaultAction: DefaultAction;
}

/**
 * Behaves like the planned load balancers: chooses a server for each request to a listener. Has every listener and
 * target group of all regions, including the target groups that Beanstalk adds.
 */
export class Balancers {
  /** By ARN, or `beanstalkTargetGroupKey` of an environment process. */
  readonly groups: ReadonlyMap<string, TargetGroup>;
  /** By ARN. */
  private readonly listeners: ReadonlyMap<string, Listener>;

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
      index.ofType("aws:lb/listener:Listener").map((listener) => [
        listener.outputs["arn"],
        {
          rules: beanstalkSettings.flatMap((settings) => this.beanstalkRules(index, listener, settings)),
          defaultAction: this.readDefaultAction(listener),
        },
      ]),
    );
  }

  has(listenerArn: string): boolean {
    return this.listeners.has(listenerArn);
  }

  /** Returns the keys of the target groups that a listener leads to. */
  groupKeysOf(listenerArn: string): readonly string[] {
    const { rules, defaultAction } = this.listeners.get(listenerArn)!;
    const groups = [...rules.map(({ group }) => group), defaultAction];
    return groups.flatMap((group) => (group instanceof TargetGroup ? [group.spec.key] : []));
  }

  /** Chooses a server for a request. @param host  name in its Host header, without port */
  pick(listenerArn: string, host: string): ServerChoice {
    const { rules, defaultAction } = this.listeners.get(listenerArn)!;
    const group = rules.find((rule) => rule.host === host.toLowerCase())?.group ?? defaultAction;
    return group instanceof TargetGroup ? group.pick() : group;
  }

  private readDefaultAction(listener: PlannedResource): DefaultAction {
    oneOf(listener, "protocol", ["HTTP"], listener.outputs["protocol"]);
    const actions: any[] = listener.outputs["defaultActions"] ?? [];
    if (actions.length !== 1) unsupported(listener, "defaultActions", "one action", actions.length);
    const [{ type, targetGroupArn, fixedResponse }] = actions;
    if (oneOf(listener, "defaultActions[0].type", ["forward", "fixed-response"], type) === "fixed-response") {
      return {
        kind: "fixed",
        via: "balancer",
        status: Number(required(listener, "defaultActions[0].fixedResponse.statusCode", fixedResponse?.statusCode)),
        contentType: fixedResponse.contentType,
        body: fixedResponse.messageBody ?? "",
      };
    }
    required(listener, "defaultActions[0].targetGroupArn", targetGroupArn);
    return (
      this.groups.get(targetGroupArn) ??
      unsupported(listener, "defaultActions", "forward to a planned target group", targetGroupArn)
    );
  }

  /**
   * Returns the rule that a Beanstalk environment adds to a shared balancer's listener, if it adds one. Beanstalk makes it
   * match the environment's CNAME only, so that no option is read for that. Supports one rule for every path, to the default
   * process.
   */
  private beanstalkRules(index: GraphIndex, listener: PlannedResource, settings: BeanstalkSettings): ListenerRule[] {
    const { beanstalkEnvironment } = settings;
    const balancer = index.arn(listener.outputs["loadBalancerArn"]);
    const shared = settings.namespace("aws:elbv2:loadbalancer")["SharedLoadBalancer"];
    const rule = settings.namespace(`aws:elbv2:listener:${listener.outputs["port"]}`)["Rules"];
    if (rule === undefined || balancer === undefined || shared !== balancer.outputs["arn"]) return [];
    const settingsOfRule = settings.namespace(`aws:elbv2:listenerrule:${rule}`);
    oneOf(beanstalkEnvironment, `rule ${rule} PathPatterns`, ["/*"], settingsOfRule["PathPatterns"]);
    oneOf(beanstalkEnvironment, `rule ${rule} HostHeaders`, [undefined], settingsOfRule["HostHeaders"]);
    const process = oneOf(
      beanstalkEnvironment,
      `rule ${rule} Process`,
      ["default"] as const,
      settingsOfRule["Process"],
    );
    const host: string = required(beanstalkEnvironment, "cname", beanstalkEnvironment.outputs["cname"]);
    const group = this.groups.get(beanstalkTargetGroupKey(beanstalkEnvironment, process))!;
    return [{ host: host.toLowerCase(), group }];
  }
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
