import type { PlannedResource } from "../model";
import type { LedgerContext } from "./context";
import { inRegion, type Need, type Place, type Purpose } from "./need";
import { purposesOf } from "./purpose-of";
import { globalServicesPage, serviceNamed } from "./services";

type Inputs = PlannedResource["inputs"];
type Facts = (resource: PlannedResource, region: string, context: LedgerContext) => readonly Need[];

const edge: Place = { kind: "global", name: "the edge network" };
const start: readonly Purpose[] = ["scale", "replace"];
const docs = "https://docs.aws.amazon.com";
const pages = {
  resilience: `${docs}/Route53/latest/DeveloperGuide/disaster-recovery-resiliency.html`,
  discovery: `${docs}/AmazonECS/latest/developerguide/service-discovery.html`,
  cloudMapLink: `${docs}/apigateway/latest/developerguide/http-api-develop-integrations-private.html`,
  edgeEndpoint: `${docs}/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html`,
  globalTables: `${docs}/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html`,
  zonalShift: `${docs}/r53recovery/latest/dg/arc-zonal-shift.html`,
  publicImages: `${docs}/AmazonECR/latest/public/public-registries.html`,
  roles: `${docs}/whitepapers/latest/aws-fault-isolation-boundaries/appendix-a---partitional-service-guidance.html`,
  userPoolDomain: `${docs}/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html`,
  alarmCheck: `${docs}/Route53/latest/DeveloperGuide/health-checks-types.html`,
  routingControl: `${docs}/r53recovery/latest/dg/routing-control.html`,
};

function need(
  purposes: readonly Purpose[],
  service: string,
  call: string,
  plane: Need["plane"],
  place: Place,
  source?: string,
): Need {
  const { name, source: own } = serviceNamed(service);
  return { purposes, service: name, call, plane, place, source: source ?? own };
}

/** Calls that follow from the type of a resource and a few of its inputs. */
const facts: Readonly<Record<string, Facts>> = {
  "aws:apigateway/domainName:DomainName": ({ inputs }) =>
    isEdge(inputs) ? [need(["serve"], "cloudfront", "passes on every request", "data", edge, pages.edgeEndpoint)] : [],
  "aws:apigateway/restApi:RestApi": ({ inputs }, region) => [
    need(["serve"], "apigateway", "admits and passes on requests", "data", inRegion(region)),
    ...(isEdge(inputs)
      ? [need(["serve"], "cloudfront", "passes on every request", "data", edge, pages.edgeEndpoint)]
      : []),
  ],
  "aws:apigatewayv2/api:Api": (_, region) => [
    need(["serve"], "apigateway", "admits and passes on requests", "data", inRegion(region)),
  ],
  "aws:apigatewayv2/integration:Integration": ({ inputs }, region) =>
    /:servicediscovery:/.test(String(inputs["integrationUri"]))
      ? [
          need(
            ["serve"],
            "servicediscovery",
            "DiscoverInstances for the VPC link",
            "data",
            inRegion(region),
            pages.cloudMapLink,
          ),
        ]
      : [],
  "aws:appautoscaling/target:Target": (_, region) => [
    need(["scale"], "application-autoscaling", "changes the count", "control", inRegion(region)),
    need(["scale"], "cloudwatch", "alarms of its policies", "data", inRegion(region)),
  ],
  "aws:autoscaling/group:Group": (_, region) => [
    need(start, "autoscaling", "starts and replaces servers", "control", inRegion(region)),
    need(start, "ec2", "RunInstances", "control", inRegion(region)),
    need(["serve"], "ec2", "runs the servers", "data", inRegion(region)),
  ],
  "aws:cloudfront/distribution:Distribution": () => [
    need(["serve"], "cloudfront", "passes on requests", "data", edge, globalServicesPage),
  ],
  "aws:cognito/userPool:UserPool": (_, region) => [
    need(["sign in"], "cognito", "signs users up and in, issues and renews tokens", "data", inRegion(region)),
  ],
  "aws:cognito/userPoolDomain:UserPoolDomain": ({ inputs }, region) =>
    inputs["certificateArn"] === undefined
      ? [need(["sign in"], "cognito", "shows the page of sign-in", "data", inRegion(region))]
      : [need(["sign in"], "cloudfront", "shows the page of sign-in", "data", edge, pages.userPoolDomain)],
  "aws:dynamodb/table:Table": (table, region, context) => {
    const others = context.replicasOf(table);
    return others.length === 0
      ? [need(["serve"], "dynamodb", "reads and writes of a table", "data", inRegion(region))]
      : [
          need(["serve"], "dynamodb", "reads and writes of a table", "data", inRegion(region)),
          ...others.map((other) => ({
            ...need(
              ["fail over"],
              "dynamodb",
              "replication of a table, before",
              "data",
              inRegion(other),
              pages.globalTables,
            ),
            soft: "each region reads and writes its own replica; what has not arrived is missing until it does",
          })),
        ];
  },
  "aws:ecs/service:Service": ({ inputs }, region, context) => [
    need(start, "ecs", "starts and replaces tasks", "control", inRegion(region)),
    need(["serve"], "ecs", "runs the tasks", "data", inRegion(region)),
    ...registration(inputs, region, context),
  ],
  "aws:elasticbeanstalk/environment:Environment": (_, region) => [
    need(start, "autoscaling", "starts and replaces servers", "control", inRegion(region)),
    need(start, "ec2", "RunInstances", "control", inRegion(region)),
    need(start, "elasticbeanstalk", "sets a new server up", "control", inRegion(region)),
    need(start, "cloudformation", "DescribeStackResource and signals of a new server", "control", inRegion(region)),
    need(["serve"], "ec2", "runs the servers", "data", inRegion(region)),
  ],
  "aws:globalaccelerator/accelerator:Accelerator": () => [
    need(["serve"], "globalaccelerator", "passes on connections", "data", edge, globalServicesPage),
  ],
  "aws:kms/key:Key": (_, region) => [
    need(["serve"], "kms", "Decrypt for those that use the key", "data", inRegion(region)),
  ],
  "aws:lambda/function:Function": (lambda, region, context) =>
    purposesOf(lambda, ["environment"], context).includes("serve")
      ? [need(["scale"], "lambda", "starts environments", "data", inRegion(region))]
      : [],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": (_, region) => [
    need(["replace"], "lambda", "keeps environments warm", "control", inRegion(region)),
  ],
  "aws:lb/loadBalancer:LoadBalancer": ({ inputs }, region) => [
    need(["serve"], "elasticloadbalancing", "balances requests", "data", inRegion(region)),
    need(start, "elasticloadbalancing", "registers targets", "control", inRegion(region)),
    ...(inputs["enableZonalShift"] === true
      ? [
          need(
            ["fail over"],
            "arc-zonal-shift",
            "leaves a zone (zonal shift)",
            "data",
            inRegion(region),
            pages.zonalShift,
          ),
        ]
      : []),
  ],
  "aws:pipes/pipe:Pipe": (_, region) => [
    need(["serve"], "pipes", "publishes changes of items", "data", inRegion(region)),
  ],
  "aws:route53/healthCheck:HealthCheck": ({ inputs }) => healthCheck(inputs),
  "aws:route53/record:Record": (record, region, context) => [
    context.isPrivate(record.inputs["zoneId"])
      ? need(["serve"], "route53", "resolver answers private names", "data", inRegion(region), pages.resilience)
      : need(recordPurposes(record.inputs), "route53", "answers names", "data", dns, pages.resilience),
  ],
  "aws:scheduler/schedule:Schedule": (_, region) => [
    need(["serve"], "scheduler", "runs what is due", "data", inRegion(region)),
  ],
  "awsx:ecr:Image": () => [
    need(["deploy"], "ecr-public", "base image of a build that has no copy", "data", edge, pages.publicImages),
  ],
  "awsx:ec2:Vpc": (_, region) => [
    need(["serve"], "vpc", "connects zones, endpoints and NAT gateways", "data", inRegion(region)),
    need(["serve"], "iam", "decides on requests that are signed", "data", inRegion(region), pages.roles),
    need(["serve"], "sts", "credentials of roles", "data", inRegion(region), pages.roles),
  ],
};

/** Route 53's name servers and resolvers, which answer without the control plane. */
export const dns: Place = { kind: "global", name: "Route 53's data plane" };

/** Returns the calls that follow from what a resource is. */
export function needsOfStructure(resource: PlannedResource, context: LedgerContext): readonly Need[] {
  const { type, region } = resource;
  if (region === undefined) return [];
  return facts[type]?.(resource, region, context) ?? [];
}

/** Each task of a service with a registry is an instance in Cloud Map, and a record where the namespace is one of DNS. */
function registration(inputs: Inputs, region: string, context: LedgerContext): Need[] {
  const registry = inputs["serviceRegistries"];
  const [arn] = [registry].flat().map((each) => each?.registryArn as string | undefined);
  if (arn === undefined) return [];
  const service = context.index.arn(arn);
  const isDns = service === undefined || (service.inputs["dnsConfig"]?.dnsRecords ?? []).length > 0;
  return [
    need(start, "servicediscovery", "RegisterInstance of each task", "control", inRegion(region), pages.discovery),
    ...(isDns
      ? [
          {
            ...need(start, "route53", "a private record of each task, by Cloud Map", "control", inRegion("us-east-1")),
            service: "Amazon Route 53 private DNS",
          },
        ]
      : []),
  ];
}

function healthCheck(inputs: Inputs): Need[] {
  const { type } = inputs;
  if (type === "CLOUDWATCH_METRIC") {
    const region = inRegion(String(inputs["cloudwatchAlarmRegion"]));
    return [need(["fail over"], "cloudwatch", "the state of an alarm decides", "data", region, pages.alarmCheck)];
  }
  if (type === "RECOVERY_CONTROL") {
    const place: Place = { kind: "global", name: "five regions of a cluster" };
    return [
      need(["fail over"], "route53-recovery-cluster", "a routing control decides", "data", place, pages.routingControl),
    ];
  }
  return [need(["fail over"], "route53", "health checkers decide", "data", dns, pages.resilience)];
}

function recordPurposes(inputs: Inputs): readonly Purpose[] {
  return (inputs["failoverRoutingPolicies"] ?? []).length > 0 ? ["serve", "fail over"] : ["serve"];
}

/** An edge-optimized API or name has CloudFront in front of it; it is the default of AWS and the provider. */
function isEdge(inputs: Inputs): boolean {
  const types = [inputs["endpointConfiguration"]?.types].flat();
  return types.every((each) => each === undefined || each === "EDGE");
}
