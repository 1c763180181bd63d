import { block, show, text } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackContext, StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const regionalDomain: StackRule = {
  scope: "stack",
  name: "regional-domain",
  types: [T.domainName, T.record],
  holds: "Each region serves the name that clients call, from its own endpoint with its own certificate.",
  why: "After failover a region that does not know the name answers 403; an edge endpoint leads to one region.",
  mend: "set endpointType REGIONAL, a certificate of the region, and the same domain name in each",
  severity: "high",
  level: "mandatory",
  ids: { availability: 36 },
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html",
  check(resource, { stack, report }) {
    if (resource.type === T.record) return checkAlias(resource, stack, report);
    const configuration = block(resource.props["domainNameConfiguration"]);
    const type = configuration["endpointType"];
    if (type !== "REGIONAL") report(resource, `must have a regional endpoint, got ${show(type)}`);
    const home = stack.regionOf(resource);
    const [certificate] = stack.targets(
      resource,
      "domainNameConfiguration",
      "aws:acm/certificate:Certificate",
      "aws:acm/certificateValidation:CertificateValidation",
    );
    const named = peek(() => /:acm:([\w-]+):/.exec(text(configuration["certificateArn"]))?.[1]);
    const other = typeof named === "string" ? named : certificate && stack.regionOf(certificate);
    if (home && other && other !== home) report(resource, `must have a certificate of ${home}, got one of ${other}`);
  },
};

/** An alias leads to a domain that knows the record's name. */
function checkAlias(record: Resource, stack: Stack, report: StackContext["report"]): void {
  for (const domain of stack.dependencies(record, "aliases", [T.domainName])) {
    const known = text(domain.props["domainName"]);
    if (known !== text(record.props["name"]))
      report(record, `must lead to a domain of its own name, got ${show(known)}`);
  }
}
