import { show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const listenerTlsPolicy: ResourceRule = {
  scope: "resource",
  name: "listener-tls-policy",
  types: [T.listener],
  holds: "TLS listeners take version 1.2 or newer only.",
  why: "AWS's default policy still takes TLS 1.0.",
  mend: "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ELB.17"], K: ["103", "g74"] },
  check(listener, { report }) {
    const { protocol, sslPolicy } = listener.props;
    if (protocol !== "HTTPS" && protocol !== "TLS") return;
    const sound = /TLS13-1-[23]-|TLS-1-2-|FS-1-2-/.test(text(sslPolicy)) && !/TLS13-1-[01]-/.test(text(sslPolicy));
    if (!sound) report(listener, `must refuse TLS before 1.2, got sslPolicy ${show(sslPolicy)}`);
  },
};
