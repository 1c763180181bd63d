import type { OutputsByType } from "./new-resource";

/** Outputs of CloudFront and of the delivery of its logs. */
export const webOutputs: OutputsByType = {
  "aws:cloudfront/distribution:Distribution": (r) => {
    const id = `E${r.hex(13).toUpperCase()}`;
    return {
      id,
      arn: r.globalArn("cloudfront", `distribution/${id}`),
      domainName: `d${r.hex(13)}.cloudfront.net`,
      // The one zone of all distributions of CloudFront.
      hostedZoneId: "Z2FDTNDATAQYW2",
    };
  },
  "aws:cloudfront/function:Function": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.globalArn("cloudfront", `function/${r.physicalName()}`),
  }),
  "aws:cloudfront/originAccessControl:OriginAccessControl": (r) => ({ id: `E${r.hex(13).toUpperCase()}` }),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (r) => ({ id: r.uuid() }),
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.arn("logs", `delivery-source:${r.physicalName()}`),
  }),
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.arn("logs", `delivery-destination:${r.physicalName()}`),
  }),
  "aws:cloudwatch/logDelivery:LogDelivery": (r) => ({
    id: r.letters(16),
    arn: r.arn("logs", `delivery:${r.letters(16)}`),
  }),
};
