import type { NewResource, OutputsByType } from "./new-resource";

const apiId = (r: NewResource) => r.letters(10);

/** A private domain name has an id, by which several of one name are told apart. */
function domainArn(r: NewResource) {
  const name = r.inputs["domainName"];
  if (r.inputs["endpointConfiguration"]?.types !== "PRIVATE")
    return { arn: r.arn("apigateway", `/domainnames/${name}`, { account: "" }) };
  const domainNameId = r.letters(10);
  return { domainNameId, arn: r.arn("apigateway", `/domainnames/${name}+${domainNameId}`) };
}

/** Outputs of gateways, certificates and DNS. */
export const edgeOutputs: OutputsByType = {
  "aws:acm/certificate:Certificate": (r) => {
    const arn = r.arn("acm", `certificate/${r.hex(32)}`);
    const names: string[] = [r.inputs["domainName"], ...(r.inputs["subjectAlternativeNames"] ?? [])];
    return {
      id: arn,
      arn,
      domainValidationOptions: names.map((domainName) => ({
        domainName,
        resourceRecordName: `_${r.hex(32)}.${domainName}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${r.hex(31)}.acm-validations.aws.`,
      })),
    };
  },
  "aws:acm/certificateValidation:CertificateValidation": (r) => ({
    id: r.inputs["certificateArn"],
    certificateArn: r.inputs["certificateArn"],
  }),
  "aws:apigateway/apiKey:ApiKey": (r) => ({
    id: r.letters(10),
    name: r.physicalName(),
    arn: r.arn("apigateway", `/apikeys/${r.letters(10)}`, { account: "" }),
    value: r.inputs["value"] ?? r.hex(40),
  }),
  "aws:apigateway/basePathMapping:BasePathMapping": (r) => ({
    id: `${r.inputs["domainName"]}/${r.inputs["basePath"] ?? ""}`,
  }),
  "aws:apigateway/deployment:Deployment": (r) => ({ id: r.letters(6) }),
  "aws:apigateway/domainName:DomainName": (r) => ({
    id: r.inputs["domainName"],
    ...domainArn(r),
    regionalDomainName: `d-${r.letters(10)}.execute-api.${r.region}.amazonaws.com`,
    regionalZoneId: `Z${r.hex(13).toUpperCase()}`,
  }),
  "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": (r) => {
    const domain = String(r.inputs["domainNameArn"]).split("/").at(-1);
    const source = `vpcesource/${r.inputs["accessAssociationSource"]}`;
    const arn = r.arn("apigateway", `/domainnameaccessassociations/domainname/${domain}/${source}`);
    return { id: arn, arn };
  },
  "aws:apigateway/methodSettings:MethodSettings": (r) => ({
    id: `${r.inputs["restApi"]}-${r.inputs["stageName"]}-${r.inputs["methodPath"]}`,
  }),
  "aws:apigateway/restApi:RestApi": (r) => ({
    id: apiId(r),
    name: r.physicalName(),
    arn: r.arn("apigateway", `/restapis/${apiId(r)}`, { account: "" }),
    executionArn: r.arn("execute-api", apiId(r)),
    rootResourceId: r.letters(10),
  }),
  "aws:apigateway/stage:Stage": (r) => ({
    id: `ags-${r.inputs["restApi"]}-${r.inputs["stageName"]}`,
    arn: r.arn("apigateway", `/restapis/${r.inputs["restApi"]}/stages/${r.inputs["stageName"]}`, { account: "" }),
    executionArn: r.arn("execute-api", `${r.inputs["restApi"]}/${r.inputs["stageName"]}`),
    invokeUrl: `https://${r.inputs["restApi"]}.execute-api.${r.region}.amazonaws.com/${r.inputs["stageName"]}`,
  }),
  "aws:apigateway/usagePlan:UsagePlan": (r) => ({
    id: r.letters(6),
    name: r.physicalName(),
    arn: r.arn("apigateway", `/usageplans/${r.letters(6)}`, { account: "" }),
  }),
  "aws:fis/experimentTemplate:ExperimentTemplate": (r) => ({ id: `EXT${r.hex(13)}` }),
  "aws:wafv2/webAcl:WebAcl": (r) => {
    const id = r.hex(32);
    const place = r.inputs["scope"] === "CLOUDFRONT" ? "global" : "regional";
    return { id, name: r.physicalName(), arn: r.arn("wafv2", `${place}/webacl/${r.physicalName()}/${id}`) };
  },
  "aws:apigateway/usagePlanKey:UsagePlanKey": (r) => ({ id: r.inputs["keyId"] }),
  "aws:apigatewayv2/api:Api": (r) => ({
    id: apiId(r),
    name: r.physicalName(),
    apiEndpoint: `https://${apiId(r)}.execute-api.${r.region}.amazonaws.com`,
    arn: r.arn("apigateway", `/apis/${apiId(r)}`, { account: "" }),
    executionArn: r.arn("execute-api", apiId(r)),
  }),
  "aws:apigatewayv2/apiMapping:ApiMapping": (r) => ({ id: r.letters(6) }),
  "aws:apigatewayv2/authorizer:Authorizer": (r) => ({ id: r.letters(6) }),
  "aws:apigatewayv2/deployment:Deployment": (r) => ({ id: r.letters(6) }),
  "aws:apigatewayv2/domainName:DomainName": (r) => ({
    id: r.inputs["domainName"],
    arn: r.arn("apigateway", `/domainnames/${r.inputs["domainName"]}`, { account: "" }),
    domainNameConfiguration: {
      ...r.inputs["domainNameConfiguration"],
      targetDomainName: `d-${r.letters(10)}.execute-api.${r.region}.amazonaws.com`,
      hostedZoneId: `Z${r.hex(13).toUpperCase()}`,
    },
  }),
  "aws:apigatewayv2/integration:Integration": (r) => ({ id: r.letters(7) }),
  "aws:apigatewayv2/route:Route": (r) => ({ id: r.letters(7) }),
  "aws:apigatewayv2/stage:Stage": (r) => ({
    id: r.inputs["name"],
    arn: r.arn("apigateway", `/apis/${r.inputs["apiId"]}/stages/${r.inputs["name"]}`, { account: "" }),
    executionArn: r.arn("execute-api", `${r.inputs["apiId"]}/${r.inputs["name"]}`),
    invokeUrl: `https://${r.inputs["apiId"]}.execute-api.${r.region}.amazonaws.com/`,
  }),
  "aws:apigatewayv2/vpcLink:VpcLink": (r) => ({
    id: r.letters(6),
    arn: r.arn("apigateway", `/vpclinks/${r.letters(6)}`, { account: "" }),
  }),
  "aws:route53/healthCheck:HealthCheck": (r) => {
    const id = r.uuid();
    return { id, arn: `arn:aws:route53:::healthcheck/${id}` };
  },
  "aws:route53/record:Record": (r) => ({
    id: [r.inputs["zoneId"], r.inputs["name"], r.inputs["type"], r.inputs["setIdentifier"]].filter(Boolean).join("_"),
    fqdn: r.inputs["name"],
  }),
  "aws:route53/zone:Zone": (r) => {
    const id = `Z${r.hex(20).toUpperCase()}`;
    return {
      id,
      zoneId: id,
      arn: `arn:aws:route53:::hostedzone/${id}`,
      nameServers: [1, 2, 3, 4].map((n) => `ns-${n}.example.net`),
    };
  },
};
