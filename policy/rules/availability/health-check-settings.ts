import { isTrue, list, number, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const healthCheckSettings: ResourceRule = {
  scope: "resource",
  name: "health-check-settings",
  types: [T.healthCheck],
  holds: "Endpoints are checked over HTTPS every 10 s, from three regions or more, and fail after three misses.",
  why: "A slow check is a long outage; one from few places takes a network's fault for the endpoint's.",
  mend: "set type HTTPS, requestInterval 10, failureThreshold 3 or less, enableSni, and three regions or none",
  severity: "high",
  level: "mandatory",
  ids: { availability: 31 },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
  check(check, { report }) {
    const { type, requestInterval, failureThreshold, enableSni, disabled } = check.props;
    const isTcp = type === "TCP";
    if (isTrue(disabled)) report(check, "must be on, got disabled true");
    if (!isTcp && !/^HTTPS?(_STR_MATCH)?$/.test(text(type))) return;
    if (!text(type).startsWith("HTTPS")) report(check, `must check over HTTPS, got ${show(type)}`);
    if ((number(requestInterval) ?? 30) !== 10)
      report(check, `must check every 10 s, got requestInterval ${show(requestInterval)}`);
    if ((number(failureThreshold) ?? 3) > 3)
      report(check, `must fail after 3 misses, got failureThreshold ${show(failureThreshold)}`);
    if (enableSni === false || enableSni === "false") report(check, "must name the host in TLS, got enableSni false");
    const regions = list(check.props["regions"]).length;
    if (regions > 0 && regions < 3) report(check, `must check from three regions, got ${regions}`);
  },
};
