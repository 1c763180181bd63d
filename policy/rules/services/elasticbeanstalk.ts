import type { Rule } from "../../pack/rule";
import { show } from "../../stack/read";
import { T } from "../../stack/types";
import { pinnedPlatform, settings } from "../../stack/workloads";

const namespace = "aws:elbv2:loadbalancer";

/** Rules for Elastic Beanstalk. */
export const elasticbeanstalkRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "environment-enhanced-health",
    types: [T.beanstalk],
    description: "A Beanstalk environment has enhanced health reporting.",
    rationale:
      "Basic health reporting does not see error rates, so that a deployment continues although new servers fail.",
    fix: "set aws:elasticbeanstalk:healthreporting:system SystemType to enhanced",
    severity: "medium",
    level: "mandatory",
    lowUnless: ["operated"],
    ids: { securityHub: ["ElasticBeanstalk.1"], checkov: ["CKV_AWS_312"] },
    check(environment, { report }) {
      const type = settings(environment)("aws:elasticbeanstalk:healthreporting:system", "SystemType");
      if (type !== "enhanced") report(environment, `must have enhanced health reporting, got ${show(type)}`);
    },
  },
  {
    scope: "stack",
    name: "environment-in-vpc",
    types: [T.beanstalk],
    description: "A Beanstalk environment runs in a VPC of the program, without public addresses.",
    rationale: "Its servers are otherwise in the default VPC, whose subnets are public.",
    fix: "set aws:ec2:vpc VPCId, Subnets and AssociatePublicIpAddress false",
    severity: "high",
    level: "mandatory",
    lowUnless: ["private"],
    ids: { cdkNag: ["AwsSolutions-EB1"] },
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.vpc.html",
    check(environment, { report }) {
      const get = settings(environment);
      const missing = ["VPCId", "Subnets"].filter((name) => !get("aws:ec2:vpc", name));
      if (missing.length > 0)
        report(
          environment,
          `must run in a VPC of the program, got no ${missing.join(" and no ")}`,
          `set aws:ec2:vpc ${missing.join(" and ")}`,
        );
      if (get("aws:ec2:vpc", "AssociatePublicIpAddress") === "true")
        report(
          environment,
          "must give its servers no public address, got AssociatePublicIpAddress true",
          "set aws:ec2:vpc AssociatePublicIpAddress to false",
        );
    },
  },
  {
    scope: "stack",
    name: "environment-logs",
    types: [T.beanstalk],
    description: "A Beanstalk environment streams the logs of its servers to CloudWatch.",
    rationale: "Logs on a server are lost when the server is replaced.",
    fix: "set aws:elasticbeanstalk:cloudwatch:logs StreamLogs to true",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["ElasticBeanstalk.3"], cdkNag: ["AwsSolutions-EB4"] },
    check(environment, { report }) {
      const on = settings(environment)("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs");
      if (on !== "true") report(environment, `must stream its logs, got StreamLogs ${show(on)}`);
    },
  },
  {
    scope: "stack",
    name: "environment-managed-updates",
    types: [T.beanstalk],
    description: "A Beanstalk environment has managed platform updates, or a platform version that the program names.",
    rationale: "A platform without updates gets no security fixes, and AWS retires it.",
    fix: "set aws:elasticbeanstalk:managedactions ManagedActionsEnabled to true, or set solutionStackName",
    severity: "high",
    level: "mandatory",
    lowUnless: ["operated"],
    ids: { securityHub: ["ElasticBeanstalk.2"], cdkNag: ["AwsSolutions-EB3"], checkov: ["CKV_AWS_340"] },
    check(environment, { report }) {
      const on = settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled");
      if (on !== "true" && pinnedPlatform(environment).length === 0)
        report(environment, `must have managed updates, got ManagedActionsEnabled ${show(on)}`);
    },
  },
  {
    scope: "resource",
    name: "environment-pinned",
    types: [T.beanstalk],
    description: "A Beanstalk environment is not left on the platform version that the program names.",
    rationale: "A pinned platform version gets no security fixes until the program names a newer one.",
    fix: "name the newest platform version at every release, or use managed updates",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.platform.upgrade.html",
    check(environment, { report }) {
      if (settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled") === "true") return;
      const pinned = pinnedPlatform(environment);
      if (pinned.length > 0)
        report(environment, `must name the newest platform version at every release, got ${pinned.join(" and ")}`);
    },
  },
  {
    scope: "resource",
    name: "environment-platform",
    types: [T.beanstalk],
    description: "The platform version is changed by managed updates or by the program, not by both.",
    rationale:
      "Managed updates raise the version, and the next deployment lowers it again, or fails because AWS has retired it.",
    fix: "add solutionStackName and platformArn to ignoreChanges, or turn managed updates off",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-platform-update-managed.html",
    check(environment, { report }) {
      const managed = settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled") === "true";
      const pinned = ["solutionStackName", "platformArn"].filter((name) => environment.props[name] !== undefined);
      const moved = pinned.filter((name) => !environment.ignores(name));
      if (managed && moved.length > 0)
        report(
          environment,
          `must leave its platform version to managed updates, got ${moved.join(" and ")} in the program as well`,
          `add ${moved.join(" and ")} to ignoreChanges, or turn managed updates off`,
        );
    },
  },
  {
    scope: "resource",
    name: "environment-shared-balancer",
    types: [T.beanstalk],
    description: "A Beanstalk environment on a shared load balancer names the balancer and its security groups.",
    rationale: "Without SecurityGroups Beanstalk attaches a group of its own to the load balancer of all services.",
    fix: "set aws:elbv2:loadbalancer SharedLoadBalancer and SecurityGroups",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html",
    check(environment, { report }) {
      const get = settings(environment);
      const shared = get("aws:elasticbeanstalk:environment", "LoadBalancerIsShared") === "true";
      if (!shared && get(namespace, "SharedLoadBalancer") === undefined) return;
      const missing = ["SharedLoadBalancer", "SecurityGroups"].filter((name) => !get(namespace, name));
      if (missing.length > 0)
        report(
          environment,
          `must name the shared balancer and its groups, got no ${missing.join(" and no ")}`,
          `set ${namespace} ${missing.join(" and ")}`,
        );
    },
  },
];
