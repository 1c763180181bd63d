import { absent, computed, exactly, listOf, type MappingTable, only, tagList, type, verbatim } from "./mapping";

/** CloudFormation insists on names that the provider makes up. */
const named = (properties: any, { outputs, name }: { outputs: any; name: string }) => ({
  Name: outputs["name"] ?? name,
  ...properties,
});
/** CloudFormation takes a map of anything. */
const routeSettings = ["DetailedMetricsEnabled", "ThrottlingBurstLimit", "ThrottlingRateLimit"];
/** By status code of the integration; keys are what of the response changes. */
const responseParameters = (rules: readonly { statusCode: string; mappings: Record<string, string> }[]) =>
  Object.fromEntries(
    rules.map((rule) => {
      const { statusCode, mappings } = exactly(rule, "statusCode", "mappings");
      const changes = Object.entries(mappings).map(([Destination, Source]) => ({ Destination, Source }));
      return [statusCode, { ResponseParameters: changes }];
    }),
  );
const tagMap = { tags: verbatim("Tags") };

export const edgeMappings: MappingTable = {
  "aws:acm/certificate:Certificate": type("AWS::CertificateManager::Certificate", {}, { attributes: {} }),
  "aws:acm/certificateValidation:CertificateValidation": {
    kind: "absent",
    reason: "CloudFormation waits for a certificate by itself",
  },
  "aws:apigatewayv2/api:Api": type("AWS::ApiGatewayV2::Api", tagMap, {
    attributes: { apiEndpoint: "ApiEndpoint" },
    finish: named,
  }),
  "aws:apigatewayv2/apiMapping:ApiMapping": type("AWS::ApiGatewayV2::ApiMapping"),
  "aws:apigatewayv2/authorizer:Authorizer": type("AWS::ApiGatewayV2::Authorizer", {
    identitySources: "IdentitySource",
    "jwtConfiguration.audiences": "Audience",
  }),
  "aws:apigatewayv2/deployment:Deployment": type(
    "AWS::ApiGatewayV2::Deployment",
    { triggers: absent("tell the provider when to deploy anew") },
    { attributes: {} },
  ),
  "aws:apigatewayv2/domainName:DomainName": type(
    "AWS::ApiGatewayV2::DomainName",
    { domainNameConfiguration: listOf("DomainNameConfigurations"), ...tagMap },
    {
      attributes: {
        "domainNameConfiguration.targetDomainName": "RegionalDomainName",
        "domainNameConfiguration.hostedZoneId": "RegionalHostedZoneId",
      },
    },
  ),
  "aws:apigatewayv2/integration:Integration": type("AWS::ApiGatewayV2::Integration", {
    requestParameters: verbatim("RequestParameters"),
    responseParameters: computed("ResponseParameters", responseParameters),
    timeoutMilliseconds: "TimeoutInMillis",
  }),
  "aws:apigatewayv2/route:Route": type("AWS::ApiGatewayV2::Route"),
  "aws:apigatewayv2/stage:Stage": type(
    "AWS::ApiGatewayV2::Stage",
    { name: "StageName", ...tagMap },
    {
      attributes: {},
      finish: ({ RouteSettings = [], ...properties }) => ({
        ...properties,
        RouteSettings: Object.fromEntries(
          RouteSettings.map(({ RouteKey, ...settings }: any) => [RouteKey, exactly(settings, ...routeSettings)]),
        ),
      }),
    },
  ),
  "aws:apigatewayv2/vpcLink:VpcLink": type("AWS::ApiGatewayV2::VpcLink", tagMap, { attributes: {}, finish: named }),
  "aws:route53/healthCheck:HealthCheck": type(
    "AWS::Route53::HealthCheck",
    {
      childHealthchecks: "ChildHealthChecks",
      childHealthThreshold: "HealthThreshold",
      enableSni: "EnableSNI",
      fqdn: "FullyQualifiedDomainName",
      invertHealthcheck: "Inverted",
    },
    {
      attributes: {},
      finish: ({ Tags, ...HealthCheckConfig }) => ({ HealthCheckConfig, HealthCheckTags: Tags }),
    },
  ),
  "aws:route53/record:Record": type("AWS::Route53::RecordSet", {
    aliases: only("AliasTarget"),
    "aliases.name": "DNSName",
    "aliases.zoneId": "HostedZoneId",
    allowOverwrite: absent("how the provider creates"),
    failoverRoutingPolicies: computed("Failover", ([policy]) => exactly(policy, "type").type),
    records: "ResourceRecords",
    ttl: computed("TTL", String),
    zoneId: "HostedZoneId",
  }),
  "aws:route53/zone:Zone": type(
    "AWS::Route53::HostedZone",
    {
      comment: "HostedZoneConfig.Comment",
      enableAcceleratedRecovery: "HostedZoneFeatures.EnableAcceleratedRecovery",
      forceDestroy: absent("how the provider deletes"),
      tags: tagList("HostedZoneTags"),
      vpcs: "VPCs",
      "vpcs.vpcId": "VPCId",
    },
    {
      attributes: {},
      finish: ({ VPCs, ...properties }, { region }) =>
        VPCs === undefined
          ? properties
          : { ...properties, VPCs: VPCs.map((vpc: any) => ({ ...vpc, VPCRegion: region })) },
    },
  ),
};
