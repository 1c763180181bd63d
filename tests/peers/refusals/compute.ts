import { blind, type Refusal, refused } from "../refusal";

const listeners = ["*-listener"];
const functions = ["*-function", "*-canary-releaser"];
/** Makes messages of the records of streams, for pipes. */
const reader = "messaging-reader";
/** Gives tokens the scopes of groups, before the user pool issues them. */
const trigger = "identity-pre-token-generation";
/** A function of the platform itself, behind the REST APIs. */
const forwarder = "rest-forwarder";

export const compute: readonly Refusal[] = [
  refused({
    rules: ["ALBHttpToHttpsRedirection", "ELBv2ACMCertificateRequired", "CT.ELASTICLOADBALANCING.PR.1"],
    resources: listeners,
    wants: "TLS on the balancer, and a redirect to it.",
    why: "The balancer is internal, and only the gateway's VPC link may reach it, which speaks plain HTTP inside the VPC; clients get TLS 1.2 at the gateway. TLS behind it needs certificates of private names on every server.",
  }),
  refused({
    rules: ["ALBWAFEnabled"],
    resources: ["balancer-alb", "bal-*"],
    wants: "A web ACL on the balancer.",
    why: "It is internal. A web ACL belongs to the public edge.",
  }),
  blind({
    rules: ["CT.AUTOSCALING.PR.1"],
    resources: ["*-servers"],
    wants: "Several Availability Zones.",
    why: "The group has a subnet in every zone; the rule reads a list of zones, which groups in a VPC do not have.",
  }),
  blind({
    rules: ["EC26", "EC2IMDSv2Enabled"],
    resources: ["*-servers"],
    wants: "Encrypted volumes and IMDSv2.",
    why: "The launch template has both; the rules do not follow a mixed instances policy, and one of them throws.",
  }),
  refused({
    rules: ["AS3"],
    resources: ["*-servers"],
    wants: "A notification of every launch and termination.",
    why: "Scaling is normal work. What a person must know comes as an alarm.",
  }),
  refused({
    rules: ["CT.AUTOSCALING.PR.11"],
    resources: ["*-servers"],
    wants: "Only instance types that encrypt traffic between instances.",
    why: "Types are chosen for capacity: a zone that has run out of one must have another. What leaves the VPC goes by TLS.",
  }),
  refused({
    rules: ["ECS2"],
    resources: ["*-task"],
    wants: "No environment variables in a task definition.",
    why: "They hold settings (a port, timeouts, a table's name), no secrets; a task definition is versioned with them.",
  }),
  blind({
    rules: ["CT.ECS.PR.7"],
    resources: ["*-task"],
    wants: "A memory limit on the container.",
    why: "Fargate enforces the task's limit, and the task has one container.",
  }),
  refused({
    rules: ["EB4"],
    resources: ["*-env", "price-calcu-*"],
    wants: "Logs of instances copied to S3.",
    why: "They are streamed to CloudWatch Logs as they are written, kept when an instance dies, with a retention.",
  }),
  refused({
    rules: ["L1", "LambdaLatestVersion"],
    resources: [...functions, forwarder, reader, trigger],
    wants: "The newest Node.js.",
    why: "One version, 22, under all four patterns, so that a service is tested once; it changes everywhere at once, as soon as Beanstalk and the images have the next one.",
  }),
  refused({
    rules: ["LambdaDLQ"],
    resources: [...functions, forwarder, reader, trigger],
    wants: "A dead-letter queue per function.",
    why: "All are called synchronously, by a client, a pipe, a queue or the user pool: the caller has the error, and queues and pipes have dead letters of their own.",
  }),
  blind({
    rules: ["LambdaEventSourceMappingDestination"],
    resources: ["*-source"],
    wants: "A destination for messages that a function fails on.",
    why: "The source is a queue, which has its dead letters itself; Lambda takes a destination for streams only.",
  }),
  refused({
    rules: ["LambdaInsideVPC", "CT.LAMBDA.PR.3"],
    resources: [...functions, reader, trigger],
    wants: "Every function in a VPC.",
    why: "They need nothing of the VPC. Outside it a function has no subnet, no address and no NAT gateway to lose.",
  }),
  refused({
    rules: ["LambdaTracing"],
    resources: ["*-canary-releaser"],
    wants: "Tracing on.",
    why: "It runs once per deployment, for seconds, and logs each step.",
  }),
  refused({
    rules: ["LambdaTracing"],
    resources: ["*-queues-caller-function"],
    wants: "Tracing on.",
    why: "It hands a message to a server and waits; the service logs the request under the message's id.",
  }),
  refused({
    rules: ["LambdaConcurrency"],
    resources: functions,
    wants: "Reserved concurrency.",
    why: "A new account has a quota of 10 concurrent executions and refuses every reservation; production's configuration reserves for what requests wait for. The caller of queues is limited by its event sources.",
  }),
  refused({
    rules: ["LambdaConcurrency"],
    resources: [reader],
    wants: "Reserved concurrency.",
    why: "A pipe invokes it once at a time for each shard; a lower limit would delay changes that DynamoDB keeps for a day.",
  }),
  refused({
    rules: ["LambdaConcurrency"],
    resources: [trigger],
    wants: "Reserved concurrency.",
    why: "The user pool limits sign-ins itself, and a refused trigger is a sign-in that fails.",
  }),
  refused({
    rules: ["LambdaConcurrency"],
    resources: [forwarder],
    wants: "Reserved concurrency.",
    why: "It runs for as long as one request of the gateway, whose stage and methods have limits; a lower limit of its own would refuse requests that the services could answer.",
  }),
];
