import { block, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const integrationHost: StackRule = {
  scope: "stack",
  name: "integration-host",
  types: [T.integration],
  holds: "An integration with a listener that Beanstalk adds rules to sends the environment's own host name.",
  why: "Beanstalk's rules on a shared balancer match the environment's CNAME only, so that requests with another Host never arrive.",
  mend: 'set requestParameters["overwrite:header.host"] to the cname of the environment',
  severity: "critical",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html",
  check(integration, { stack, report }) {
    const [listener] = stack.targets(integration, "integrationUri", T.listener);
    if (listener === undefined) return;
    const port = text(listener.props["port"]);
    const [balancer] = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
    const environment = stack.of(T.beanstalk).find((one) => {
      const shared = stack.targets(one, "settings", T.loadBalancer);
      return (
        settings(one)(`aws:elbv2:listener:${port}`, "Rules") !== undefined &&
        (balancer === undefined || shared.includes(balancer))
      );
    });
    if (environment === undefined) return;
    const host = block(integration.props["requestParameters"])["overwrite:header.host"];
    if (host === undefined)
      report(integration, `must send the host name of ${environment}, got no overwrite:header.host`);
  },
};
