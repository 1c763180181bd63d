import { absent, computed, exactly, json, type Mapping, type MappingTable, type } from "./mapping";

/** CloudFormation has types of their own for private domain names. */
const isPrivate = (inputs: any) =>
  inputs["domainNameId"] !== undefined || inputs["endpointConfiguration"]?.types === "PRIVATE";
const endpointTypes = computed("Types", (types) => [types].flat());

/** Settings of methods are part of their stage. */
const methodSettings: Mapping = {
  kind: "part",
  of: "aws:apigateway/stage:Stage",
  matches: ({ inputs }, whole) =>
    inputs["restApi"] === whole.inputs["restApi"] && inputs["stageName"] === whole.inputs["stageName"],
  fields: {
    restApi: absent("names the whole"),
    stageName: absent("names the whole"),
    methodPath: "MethodPath",
    settings: "",
  },
  finish: ({ MethodPath, ...settings }) => {
    const at = String(MethodPath).lastIndexOf("/");
    const path = String(MethodPath).slice(0, at);
    const place = { HttpMethod: String(MethodPath).slice(at + 1), ResourcePath: `/${path.replaceAll("/", "~1")}` };
    return { MethodSettings: [{ ...place, ...settings }] };
  },
};

export const restMappings: MappingTable = {
  "aws:apigateway/basePathMapping:BasePathMapping": type(
    "AWS::ApiGateway::BasePathMapping",
    { domainNameId: absent("part of the name's ARN"), restApi: "RestApiId", stageName: "Stage" },
    {
      typeFor: (inputs) => `AWS::ApiGateway::BasePathMapping${isPrivate(inputs) ? "V2" : ""}`,
      finish: ({ DomainName, ...properties }, { inputs, region }) =>
        isPrivate(inputs)
          ? {
              DomainNameArn: `arn:aws:apigateway:${region}:123456789012:/domainnames/${DomainName}+${inputs["domainNameId"]}`,
              ...properties,
            }
          : { DomainName, ...properties },
    },
  ),
  "aws:apigateway/deployment:Deployment": type("AWS::ApiGateway::Deployment", {
    restApi: "RestApiId",
    triggers: absent("tell the provider when to deploy anew"),
  }),
  "aws:apigateway/domainName:DomainName": type(
    "AWS::ApiGateway::DomainName",
    { "endpointConfiguration.types": endpointTypes, policy: json("Policy") },
    {
      typeFor: (inputs) => `AWS::ApiGateway::DomainName${isPrivate(inputs) ? "V2" : ""}`,
      attributes: { arn: "DomainNameArn" },
    },
  ),
  "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": type(
    "AWS::ApiGateway::DomainNameAccessAssociation",
  ),
  "aws:apigateway/methodSettings:MethodSettings": methodSettings,
  "aws:apigateway/restApi:RestApi": type(
    "AWS::ApiGateway::RestApi",
    { body: json("Body"), "endpointConfiguration.types": endpointTypes },
    { attributes: {}, finish: (properties, { name }) => ({ Name: name, ...properties }) },
  ),
  "aws:apigateway/stage:Stage": type(
    "AWS::ApiGateway::Stage",
    {
      accessLogSettings: "AccessLogSetting",
      deployment: "DeploymentId",
      restApi: "RestApiId",
      xrayTracingEnabled: "TracingEnabled",
    },
    { attributes: {} },
  ),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": type(
    "AWS::Logs::MetricFilter",
    {
      metricTransformation: computed("MetricTransformations", (given) => {
        const known = exactly(given, "defaultValue", "name", "namespace", "unit", "value");
        const { defaultValue, name, namespace, unit, value } = known as Record<string, string>;
        return [
          {
            DefaultValue: Number(defaultValue),
            MetricName: name,
            MetricNamespace: namespace,
            MetricValue: value,
            Unit: unit,
          },
        ];
      }),
      pattern: "FilterPattern",
    },
    { attributes: {} },
  ),
};
