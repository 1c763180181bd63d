import { block, blocks, isTrue, show, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const listenerEncrypted: StackRule = {
  scope: "stack",
  name: "listener-encrypted",
  types: [T.listener],
  holds: "A public load balancer speaks TLS, and sends port 80 to it.",
  why: "Tokens and personal data would cross the internet in the clear.",
  mend: "set protocol to HTTPS with a certificate, or redirect to it with HTTP_301",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["ELB.1", "ELB.18"], N: ["ALBHttpToHttpsRedirection"], K: ["2", "g20"] },
  check(listener, { stack, report }) {
    const balancers = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
    if (balancers.some((balancer) => isTrue(balancer.props["internal"]))) return;
    const protocol = text(listener.props["protocol"]);
    if (protocol === "HTTPS" || protocol === "TLS") return;
    const redirects = blocks(listener.props["defaultActions"]).every(
      (action) => action["type"] === "redirect" && block(action["redirect"])["protocol"] === "HTTPS",
    );
    if (!redirects || blocks(listener.props["defaultActions"]).length === 0) {
      report(listener, `must speak TLS, as its balancer is public, got protocol ${show(protocol || "HTTP")}`);
    }
  },
};
