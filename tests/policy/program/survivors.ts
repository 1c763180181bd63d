/** Mutants of the production plan that the pack does not notice, by type and path, each with the reason. */
export const survivors: readonly { readonly type: string; readonly path: string; readonly why: string }[] = [
  {
    type: "aws:autoscaling/group:Group",
    path: "targetGroupArns",
    why: "Servers without a target group serve nobody: a fault that the first request shows, not one of availability. A group of workers has none either, so the pack cannot ask for one.",
  },
  {
    type: "aws:route53/record:Record",
    path: "(the resource)",
    why: "The record of a probe name or of a certificate's proof. Without it the health check or the certificate fails in the deployment itself; another stack may own such records, so the pack cannot ask for them.",
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    path: "(the resource)",
    why: "The alarm on messages that the user pool cannot deliver counts lines of a log in one region: the pack does not know which logs are of errors alone.",
  },
  {
    type: "aws:route53/record:Record",
    path: "name",
    why: "The name in the private zone, which servers of the VPC alone ask for: the pack does not know which name they call.",
  },
  {
    type: "aws:apigateway/basePathMapping:BasePathMapping",
    path: "(the resource)",
    why: "Without it the private name leads to no API: a fault that the first call shows. Another stack may own the mapping, so the pack cannot ask for it.",
  },
  {
    type: "aws:apigateway/methodSettings:MethodSettings",
    path: "(the resource)",
    why: "Each by itself: a method without settings of its own has those of all methods, and every method of the private API has its own.",
  },
  {
    type: "aws:lambda/function:Function",
    path: "timeout",
    why: "The forwarder states no time limit of its own, and the integrations that wait for it are in a document, whose time limits the pack does not read.",
  },
  {
    type: "aws:lambda/function:Function",
    path: "(the resource)",
    why: "The user pool's trigger, which is in the region of the pool alone. The pool names it, so that a program without it does not compile.",
  },
  {
    type: "aws:lambda/function:Function",
    path: "tracingConfig.mode",
    why: "The user pool's trigger, which no request of a client passes: the pack asks for traces of functions that clients wait for.",
  },
  {
    type: "aws:apigatewayv2/integration:Integration",
    path: "timeoutMilliseconds",
    why: "The integration leads to a service outside AWS, whose own timeout no program states.",
  },
  {
    type: "aws:sns/topicPolicy:TopicPolicy",
    path: "policy#Statement.0.Principal",
    why: "The statement's condition still names this account; AWS's own default policy has the same form.",
  },
  {
    type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    path: "cidrIpv4",
    why: "Port 443 may lead anywhere, as a service that calls hosts outside AWS needs; which one does, only its contract says.",
  },
  ...["cidrIpv4", "cidrIpv6"].map((path) => ({
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    path,
    why: "The group of endpoints or of a VPC link, to which no address of the internet can connect: port 443 of it is open inside only.",
  })),
  {
    type: "aws:iam/role:Role",
    path: "assumeRolePolicy#Statement.0.Condition",
    why: "Roles of functions and of CodeDeploy: the documentation of neither service asks for a condition on the source, so the pack does not ask for one.",
  },
  {
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    path: "(the resource)",
    why: "AWS disables ACLs on every new bucket since 2023, so the bucket is the same without it.",
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    path: "(the resource)",
    why: "AWS blocks public access to every new bucket since 2023, so the bucket is the same without it.",
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    path: "(the resource)",
    why: "The buckets of the balancer's logs and of a service's documents: they expire, so that the pack does not ask for earlier versions.",
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    path: "versioningConfiguration.status",
    why: "The buckets of the balancer's logs and of a service's documents: they expire, so that the pack does not ask for earlier versions.",
  },
];
