import { list, number, text, texts } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek, UNKNOWN } from "../../core/unknown";

export const recordTtl: ResourceRule = {
  scope: "resource",
  name: "record-ttl",
  types: [T.record],
  holds: "Addresses are kept for a minute at most.",
  why: "A longer TTL is the time that clients stay with what is down.",
  mend: "set ttl to 60 or less, or use an alias",
  severity: "medium",
  level: "mandatory",
  ids: { availability: 33 },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html",
  settings: { seconds: { type: "integer", description: "Most seconds of a TTL.", default: 60 } },
  check(record, { report, setting }) {
    if (!["A", "AAAA", "CNAME"].includes(record.props["type"]) || list(record.props["aliases"]).length > 0) return;
    const name = peek(() => text(record.props["name"]));
    const values = peek(() => texts(record.props["records"]));
    // Proofs of ownership lead nowhere.
    if (
      (name !== UNKNOWN && name.startsWith("_")) ||
      (values !== UNKNOWN && values.some((one) => one.includes("acm-validations")))
    )
      return;
    const ttl = number(record.props["ttl"]);
    if (ttl !== undefined && ttl > setting<number>("seconds"))
      report(record, `must be kept for ${setting("seconds")} s at most, got ttl ${ttl}`);
  },
};
