import assert from "node:assert/strict";
import { terraformType } from "./types";

describe("the provider's name of a type", () => {
  it("follows Pulumi's module and class, but for modules and types that are called otherwise", () => {
    const names = {
      "aws:dynamodb/table:Table": "aws_dynamodb_table",
      "aws:apigatewayv2/apiMapping:ApiMapping": "aws_apigatewayv2_api_mapping",
      "aws:apigateway/account:Account": "aws_api_gateway_account",
      "aws:ec2/securityGroup:SecurityGroup": "aws_security_group",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
      "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
      "aws:lb/targetGroup:TargetGroup": "aws_lb_target_group",
      "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    };
    assert.deepEqual(Object.fromEntries(Object.keys(names).map((token) => [token, terraformType(token)])), names);
  });
});
