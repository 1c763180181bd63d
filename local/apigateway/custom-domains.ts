import type { GraphIndex } from "../../graph/model";
import { required, unsupported } from "../unsupported";
import { refuseUnknownProperties, resourcesOfApi } from "./planned";

/**
 * Reads the custom domains of an HTTP or WebSocket API, in lower case, with the stage that the root of each leads to.
 * @param stages  names of the API's stages
 * @throws {UserError} on a mapping that cannot be run
 */
export function readDomains(index: GraphIndex, apiId: string, stages: ReadonlySet<string>): Map<string, string> {
  const domains = new Map<string, string>();
  for (const mapping of resourcesOfApi(index, "aws:apigatewayv2/apiMapping:ApiMapping", apiId)) {
    refuseUnknownProperties(mapping, ["domainName", "stage"]);
    const { domainName, stage } = mapping.outputs;
    const domain = index
      .ofType("aws:apigatewayv2/domainName:DomainName")
      .find((each) => each.region === mapping.region && each.outputs["id"] === domainName);
    refuseUnknownProperties(required(mapping, "domainName", domain), ["domainName", "domainNameConfiguration"]);
    if (!stages.has(stage)) unsupported(mapping, "stage", `one of ${[...stages].join(", ")}`, stage);
    domains.set(String(domainName).toLowerCase(), stage);
  }
  return domains;
}
