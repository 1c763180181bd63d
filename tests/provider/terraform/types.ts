import { snake } from "./names";

/** How Pulumi's modules are called by the provider; others keep their name. */
const modules: Readonly<Record<string, string>> = {
  apigateway: "api_gateway",
  ec2: "",
  elasticbeanstalk: "elastic_beanstalk",
  servicediscovery: "service_discovery",
};

/** Types that keep neither their module's name nor their own. */
const exceptions: Readonly<Record<string, string>> = {
  "aws:codedeploy/application:Application": "aws_codedeploy_app",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
  "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
  "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
};

/** Arguments that Pulumi calls otherwise, by the provider's type and Pulumi's key. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_api_gateway_base_path_mapping: { restApi: "api_id" },
  aws_api_gateway_deployment: { restApi: "rest_api_id" },
  aws_api_gateway_method_settings: { restApi: "rest_api_id" },
  aws_api_gateway_stage: { deployment: "deployment_id", restApi: "rest_api_id" },
  aws_autoscaling_group: { tags: "tag" },
  aws_cloudwatch_metric_alarm: { name: "alarm_name" },
  aws_elastic_beanstalk_environment: { version: "version_label" },
  aws_lambda_function: { code: "filename", name: "function_name" },
  aws_lambda_permission: { function: "function_name" },
  aws_sns_topic_subscription: { topic: "topic_arn" },
};

/** `aws:dynamodb/table:Table` is `aws_dynamodb_table`. Whether the provider has the type is for its schema to say. */
export function terraformType(token: string): string {
  const exception = exceptions[token];
  if (exception !== undefined) return exception;
  const [, module = "", name = ""] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(token) ?? [];
  const prefix = modules[module] ?? module;
  return ["aws", prefix, snake(name)].filter((part) => part !== "").join("_");
}

/** The provider's name of a resource's argument, where Pulumi's own is another. */
export function renamedArgument(type: string, key: string): string | undefined {
  return renamed[type]?.[key];
}
