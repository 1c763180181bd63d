import { computed, type MappingTable, type, verbatim } from "./mapping";

/** CloudFormation insists on names that the provider makes up. */
const nameOf = ({ outputs, name }: { outputs: any; name: string }): string => outputs["name"] ?? name;
const items = (Items: readonly unknown[]) => ({ Quantity: Items.length, Items });

export const webMappings: MappingTable = {
  "aws:cloudfront/distribution:Distribution": type(
    "AWS::CloudFront::Distribution",
    {
      isIpv6Enabled: "IPV6Enabled",
      orderedCacheBehaviors: "CacheBehaviors",
      "defaultCacheBehavior.functionAssociations.functionArn": "FunctionARN",
      "origins.originId": "Id",
      "originGroups.originId": "Id",
      "originGroups.failoverCriteria.statusCodes": computed("StatusCodes", items),
    },
    {
      attributes: { domainName: "DomainName" },
      finish: ({ Tags, Origins, OriginGroups, ...config }) => ({
        DistributionConfig: {
          ...config,
          // With origin access control it is empty, and CloudFormation wants it.
          Origins: Origins.map((origin: object) => ({ ...origin, S3OriginConfig: {} })),
          ...(OriginGroups === undefined
            ? {}
            : {
                OriginGroups: items(
                  OriginGroups.map(({ Members, ...group }: any) => ({ ...group, Members: items(Members) })),
                ),
              }),
        },
        Tags,
      }),
    },
  ),
  "aws:cloudfront/function:Function": type(
    "AWS::CloudFront::Function",
    { code: "FunctionCode", comment: "FunctionConfig.Comment", runtime: "FunctionConfig.Runtime" },
    {
      attributes: { arn: "FunctionARN" },
      // The provider publishes unless it is told not to.
      finish: (properties, resource) => ({ ...properties, Name: nameOf(resource), AutoPublish: true }),
    },
  ),
  "aws:cloudfront/originAccessControl:OriginAccessControl": type(
    "AWS::CloudFront::OriginAccessControl",
    {},
    {
      attributes: {},
      finish: (config, resource) => ({ OriginAccessControlConfig: { ...config, Name: nameOf(resource) } }),
    },
  ),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": type(
    "AWS::CloudFront::ResponseHeadersPolicy",
    {},
    {
      attributes: {},
      finish: (config, resource) => ({ ResponseHeadersPolicyConfig: { ...config, Name: nameOf(resource) } }),
    },
  ),
  "aws:cloudwatch/logDelivery:LogDelivery": type(
    "AWS::Logs::Delivery",
    { recordFields: verbatim("RecordFields") },
    { attributes: {} },
  ),
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": type(
    "AWS::Logs::DeliveryDestination",
    { "deliveryDestinationConfiguration.destinationResourceArn": "DestinationResourceArn" },
    {
      finish: ({ DeliveryDestinationConfiguration, ...properties }, resource) => ({
        ...properties,
        ...DeliveryDestinationConfiguration,
        Name: nameOf(resource),
      }),
    },
  ),
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": type(
    "AWS::Logs::DeliverySource",
    {},
    { ref: "name", finish: (properties, resource) => ({ ...properties, Name: nameOf(resource) }) },
  ),
};
