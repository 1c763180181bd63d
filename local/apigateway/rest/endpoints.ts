import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { type Attachment, type Policy, readPolicy } from "../../iam/policy";
import { unsupported } from "../../unsupported";

/** A VPC endpoint of `execute-api`: the way from a VPC to private APIs. */
export interface ApiEndpoint {
  readonly id: string;
  readonly vpcId: string;
  /** Its own names, in lower case; a request to one says in a header which API it is for. */
  readonly hosts: readonly string[];
  /** Whether the names of APIs lead to it from inside the VPC. */
  readonly privateDns: boolean;
  /** @default none: everything may pass */
  readonly policy: Policy | undefined;
}

/** A custom domain that only endpoints reach. */
export interface PrivateDomain {
  /** Ids of the endpoints that may use it. */
  readonly endpointIds: readonly string[];
  /** Without one AWS lets nothing through. */
  readonly policy: Policy | undefined;
}

/** Reads the VPC endpoints of a region by which private APIs are called. @throws {UserError} on a policy that is none */
export function readApiEndpoints(index: GraphIndex, region: string): readonly ApiEndpoint[] {
  return index
    .where("aws:ec2/vpcEndpoint:VpcEndpoint", { serviceName: `com.amazonaws.${region}.execute-api` })
    .map((endpoint) => ({
      id: endpoint.outputs["id"],
      vpcId: endpoint.outputs["vpcId"],
      hosts: (endpoint.outputs["dnsEntries"] ?? []).map((entry: { dnsName: string }) => entry.dnsName.toLowerCase()),
      privateDns: endpoint.outputs["privateDnsEnabled"] === true,
      policy: readPlannedPolicy(endpoint, endpoint.outputs["policy"], "endpoint"),
    }));
}

/** Reads the private custom domains of a region, by name in lower case. @throws {UserError} on a policy that is none */
export function readPrivateDomains(index: GraphIndex, region: string): ReadonlyMap<string, PrivateDomain> {
  const types = ({ outputs }: PlannedResource) => [outputs["endpointConfiguration"]?.types].flat();
  const domains = index
    .ofType("aws:apigateway/domainName:DomainName")
    .filter((domain) => domain.region === region && types(domain).includes("PRIVATE"));
  return new Map(
    domains.map((domain) => {
      const { arn, domainName, policy } = domain.outputs;
      const access = { domainNameArn: arn, accessAssociationSourceType: "VPCE" };
      const associations = index.where(
        "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation",
        access,
      );
      return [
        String(domainName).toLowerCase(),
        {
          endpointIds: associations.map(({ outputs }) => outputs["accessAssociationSource"]),
          policy: readPlannedPolicy(domain, policy, "resource"),
        },
      ];
    }),
  );
}

/**
 * Reads the policy of an API, of a domain or of an endpoint.
 * @param given  a document, or its JSON; undefined for none
 * @throws {UserError} on one that AWS would not take
 */
export function readPlannedPolicy(
  resource: PlannedResource,
  given: unknown,
  attachment: Attachment,
): Policy | undefined {
  if (given === undefined) return undefined;
  const policy = readPolicy(typeof given === "string" ? JSON.parse(given) : given, attachment);
  const [problem] = policy.problems;
  if (problem !== undefined) unsupported(resource, "policy", `a policy as AWS takes it (${problem})`, given);
  return policy;
}
