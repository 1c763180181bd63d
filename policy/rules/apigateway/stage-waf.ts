import { at, list } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const stageWaf: StackRule = {
  scope: "stack",
  name: "stage-waf",
  types: ["aws:apigateway/stage:Stage"],
  holds: "A public REST stage has a web application firewall.",
  why: "Floods and known attacks are refused before they use up the throttle.",
  mend: "add an aws.wafv2.WebAclAssociation",
  severity: "medium",
  level: "production",
  ids: { F: ["APIGateway.4"], N: ["APIG3"], K: ["g29"] },
  check(stage, { stack, report }) {
    const [api] = stack.targets(stage, "restApi", T.restApi);
    if (api && list(at(api.props, "endpointConfiguration.types")).includes("PRIVATE")) return;
    if (stack.referrers(stage, "aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn").length === 0)
      report(stage, "must have a web ACL, got none");
  },
};
