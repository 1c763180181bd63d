import type { Rule } from "../pack/rule";
import { balancingRules } from "./availability/balancing";
import { cachesRules } from "./availability/caches";
import { capacityRules } from "./availability/capacity";
import { dataRules } from "./availability/data";
import { deploymentsRules } from "./availability/deployments";
import { dnsRules } from "./availability/dns";
import { networkRules } from "./availability/network";
import { operationsRules } from "./availability/operations";
import { overloadRules } from "./availability/overload";
import { probesRules } from "./availability/probes";
import { regionsRules } from "./availability/regions";
import { retriesRules } from "./availability/retries";
import { scalingRules } from "./availability/scaling";
import { signInRules } from "./availability/sign-in";
import { startsRules } from "./availability/starts";
import { streamsRules } from "./availability/streams";
import { timeoutsRules } from "./availability/timeouts";
import { zonalShiftRules } from "./availability/zonal-shift";
import { zonesRules } from "./availability/zones";
import { acmRules } from "./services/acm";
import { apigatewayAccessRules } from "./services/apigateway-access";
import { apigatewayAnswersRules } from "./services/apigateway-answers";
import { apigatewayCallersRules } from "./services/apigateway-callers";
import { apigatewayKeysRules } from "./services/apigateway-keys";
import { apigatewayPrivateRules } from "./services/apigateway-private";
import { apigatewayStagesRules } from "./services/apigateway-stages";
import { autoscalingRules } from "./services/autoscaling";
import { cloudfrontRules } from "./services/cloudfront";
import { cloudfrontOriginsRules } from "./services/cloudfront-origins";
import { cloudwatchRules } from "./services/cloudwatch";
import { cognitoRules } from "./services/cognito";
import { cognitoClientsRules } from "./services/cognito-clients";
import { dynamodbRules } from "./services/dynamodb";
import { ec2InstancesRules } from "./services/ec2-instances";
import { ec2NetworkRules } from "./services/ec2-network";
import { ec2SecurityGroupsRules } from "./services/ec2-security-groups";
import { ecrRules } from "./services/ecr";
import { ecsRules } from "./services/ecs";
import { elasticacheRules } from "./services/elasticache";
import { elasticbeanstalkRules } from "./services/elasticbeanstalk";
import { elasticloadbalancingRules } from "./services/elasticloadbalancing";
import { eventsRules } from "./services/events";
import { firehoseRules } from "./services/firehose";
import { iamRules } from "./services/iam";
import { iamRolesRules } from "./services/iam-roles";
import { kmsRules } from "./services/kms";
import { lambdaRules } from "./services/lambda";
import { opensearchRules } from "./services/opensearch";
import { rdsRules } from "./services/rds";
import { route53Rules } from "./services/route53";
import { s3Rules } from "./services/s3";
import { secretsmanagerRules } from "./services/secretsmanager";
import { servicediscoveryRules } from "./services/servicediscovery";
import { snsRules } from "./services/sns";
import { sqsRules } from "./services/sqs";
import { tagsRules } from "./services/tags";
import { wafv2Rules } from "./services/wafv2";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
  ...acmRules,
  ...apigatewayAccessRules,
  ...apigatewayAnswersRules,
  ...apigatewayCallersRules,
  ...apigatewayKeysRules,
  ...apigatewayPrivateRules,
  ...apigatewayStagesRules,
  ...autoscalingRules,
  ...cloudfrontRules,
  ...cloudfrontOriginsRules,
  ...cloudwatchRules,
  ...cognitoRules,
  ...cognitoClientsRules,
  ...dynamodbRules,
  ...ec2InstancesRules,
  ...ec2NetworkRules,
  ...ec2SecurityGroupsRules,
  ...ecrRules,
  ...ecsRules,
  ...elasticacheRules,
  ...elasticbeanstalkRules,
  ...elasticloadbalancingRules,
  ...eventsRules,
  ...firehoseRules,
  ...iamRules,
  ...iamRolesRules,
  ...kmsRules,
  ...lambdaRules,
  ...opensearchRules,
  ...rdsRules,
  ...route53Rules,
  ...s3Rules,
  ...secretsmanagerRules,
  ...servicediscoveryRules,
  ...snsRules,
  ...sqsRules,
  ...tagsRules,
  ...wafv2Rules,
  ...balancingRules,
  ...capacityRules,
  ...cachesRules,
  ...dataRules,
  ...deploymentsRules,
  ...dnsRules,
  ...networkRules,
  ...operationsRules,
  ...overloadRules,
  ...probesRules,
  ...regionsRules,
  ...retriesRules,
  ...scalingRules,
  ...signInRules,
  ...startsRules,
  ...streamsRules,
  ...timeoutsRules,
  ...zonalShiftRules,
  ...zonesRules,
];
