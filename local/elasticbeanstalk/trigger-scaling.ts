import type { GraphIndex } from "../../graph/model";
import type { Scaling } from "../autoscaling/scaling";
import { virtualCpus } from "../ec2/instance-types";
import { oneOf, unsupported } from "../unsupported";
import { BeanstalkSettings } from "./environments";

/**
 * Reads how planned Beanstalk environments follow their load, by the URN of the environment; without those that plan no
 * trigger, whose default is the network traffic of instances. Other defaults are Beanstalk's.
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
 */
export function readTriggerScaling(index: GraphIndex): [id: string, scaling: Scaling][] {
  return index.ofType("aws:elasticbeanstalk/environment:Environment").flatMap((environment) => {
    const settings = new BeanstalkSettings(environment);
    const trigger = settings.namespace("aws:autoscaling:trigger");
    if (Object.keys(trigger).length === 0) return [];
    oneOf(environment, "trigger MeasureName", ["CPUUtilization"], trigger["MeasureName"]);
    oneOf(environment, "trigger Statistic", [undefined, "Average"], trigger["Statistic"]);
    const size = settings.namespace("aws:autoscaling:asg");
    const [type] = settings.get("aws:ec2:instances", "InstanceTypes").split(",");
    const vcpus =
      virtualCpus(type!) ?? unsupported(environment, "InstanceTypes", "a type whose name says its size", type);
    const number = (name: string) => Number(settings.get("aws:autoscaling:trigger", name));
    const scaling: Scaling = {
      min: Number(settings.get("aws:autoscaling:asg", "MinSize")),
      max: Number(settings.get("aws:autoscaling:asg", "MaxSize")),
      server: { vcpus },
      policies: [
        {
          kind: "trigger",
          metric: "cpu",
          periodMinutes: Number(trigger["Period"] ?? 5),
          periods: Number(trigger["EvaluationPeriods"] ?? 1),
          upper: number("UpperThreshold"),
          upperChange: Number(trigger["UpperBreachScaleIncrement"] ?? 1),
          lower: number("LowerThreshold"),
          lowerChange: Number(trigger["LowerBreachScaleIncrement"] ?? -1),
          cooldownSeconds: Number(size["Cooldown"] ?? 360),
        },
      ],
    };
    return [[environment.urn, scaling]];
  });
}
