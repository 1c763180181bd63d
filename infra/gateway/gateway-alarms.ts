import * as pulumi from "@pulumi/pulumi";
import { AlarmTopic, type AlarmTopicArgs } from "../observability/alarm-topic";

/** The topic that the alarms of a region's gateways notify, as a part of the edge layer. */
export class GatewayAlarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: AlarmTopicArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:gateway:GatewayAlarms", name, {}, opts);
    // It was directly below the region cell.
    const aliases = opts.parent ? [{ parent: opts.parent }] : [];
    this.topicArn = new AlarmTopic(`${name}-alarms`, args, { parent: this, aliases }).arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
