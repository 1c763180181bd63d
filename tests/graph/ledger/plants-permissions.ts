import type { Purpose } from "../../../graph/ledger/need";
import type { Plant } from "./plant";

const account = "123456789012";

type Row = readonly [policy: string, action: string | string[], resource: string, answeredBy: string, purpose: Purpose];

const food = "food-store-role-policy";
const pet = "pet-store-role-policy";
const price = "price-calculator-role-policy";
const ship = "shipping-role-policy";

const rows: readonly Row[] = [
  [
    food,
    "secretsmanager:GetSecretValue",
    `arn:aws:secretsmanager:us-east-1:${account}:secret:card-AbCdEf`,
    "us-east-1",
    "serve",
  ],
  [food, "kms:Decrypt", `arn:aws:kms:ap-northeast-1:${account}:key/*`, "ap-northeast-1", "serve"],
  [food, ["sns:Publish"], `arn:aws:sns:us-east-2:${account}:changes`, "us-east-2", "serve"],
  [pet, ["route53:ChangeResourceRecordSets"], "arn:aws:route53:::hostedzone/*", "us-east-1", "serve"],
  [pet, ["iam:GetRole", "iam:ListRoles"], "*", "us-east-1", "serve"],
  [pet, "cloudfront:CreateInvalidation", "*", "us-east-1", "serve"],
  [pet, "dynamodb:GetItem", `arn:aws:dynamodb:sa-east-1:${account}:table/prices`, "sa-east-1", "serve"],
  [price, "s3:GetObject", "arn:aws:s3:::tariffs-eu-central-2/*", "eu-central-2", "serve"],
  [price, "lambda:InvokeFunction", `arn:aws:lambda:us-west-2:${account}:function:tax`, "us-west-2", "serve"],
  [price, "events:PutEvents", `arn:aws:events:eu-west-3:${account}:event-bus/orders`, "eu-west-3", "serve"],
  [price, "globalaccelerator:UpdateEndpointGroup", "*", "us-west-2", "serve"],
  [ship, "states:StartExecution", `arn:aws:states:eu-south-1:${account}:stateMachine:label`, "eu-south-1", "serve"],
  [ship, "organizations:DescribeAccount", "*", "us-east-1", "serve"],
  [ship, "s3:PutBucketPolicy", "arn:aws:s3:::eu-central-1-labels", "us-east-1", "serve"],
  [ship, "route53-recovery-control-config:UpdateRoutingControl", "*", "us-west-2", "serve"],
  [ship, "servicediscovery:RegisterInstance", "*", "us-east-1", "serve"],
  [
    "food-store-execution-role-policy",
    "ssm:GetParameters",
    `arn:aws:ssm:eu-central-1:${account}:parameter/x`,
    "eu-central-1",
    "replace",
  ],
  [
    "food-store-execution-role-policy",
    "ecr:BatchGetImage",
    `arn:aws:ecr:us-west-1:${account}:repository/base`,
    "us-west-1",
    "scale",
  ],
  [
    "food-store-execution-role-policy",
    "secretsmanager:GetSecretValue",
    `arn:aws:secretsmanager:me-south-1:${account}:secret:x-AbCdEf`,
    "me-south-1",
    "replace",
  ],
  [
    "pet-store-canary-deployer-policy",
    "sns:Publish",
    `arn:aws:sns:us-east-1:${account}:releases`,
    "us-east-1",
    "deploy",
  ],
  [
    "pet-store-canary-releaser-role-policy",
    "codedeploy:GetDeployment",
    `arn:aws:codedeploy:us-west-2:${account}:deploymentgroup:x/y`,
    "us-west-2",
    "deploy",
  ],
  ["pet-store-schedules-role-policy", "sqs:SendMessage", `arn:aws:sqs:eu-west-2:${account}:runs`, "eu-west-2", "serve"],
  [
    "rest-forwarder-role-policy",
    "appconfig:GetLatestConfiguration",
    `arn:aws:appconfig:il-central-1:${account}:application/*`,
    "il-central-1",
    "serve",
  ],
  [
    "private-price-calculator-calls",
    "execute-api:Invoke",
    `arn:aws:execute-api:us-east-2:${account}:abc123/live/GET/tax`,
    "us-east-2",
    "serve",
  ],
];

/** Dependencies that the policies of roles allow, in the first region and the second in turn. */
export const permissionPlants: readonly Plant[] = rows.map(([policy, action, resource, answeredBy, purpose], index) => {
  const region = index % 2 === 0 || answeredBy === "eu-central-1" ? "eu-west-1" : "eu-central-1";
  return {
    ...{ what: `${policy}: ${action} on ${resource}`, purpose, answeredBy, region, on: policy },
    change: (graph) => graph.allow(`${region}-${policy}`, action, resource),
  };
});
