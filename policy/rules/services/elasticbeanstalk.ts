import type { Rule } from "../../pack/rule";
import { show } from "../../stack/read";
import { T } from "../../stack/types";
import { pinnedPlatform, settings } from "../../stack/workloads";

const namespace = "aws:elbv2:loadbalancer";

/** Rules for Elastic Beanstalk. */
export const elasticbeanstalkRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "environment-enhanced-health",
    types: [T.beanstalk],
    description: "Beanstalk judges health by requests and processes, not by a ping.",
    rationale: "Basic health knows no error rates, and rolling deployments go on over failing servers.",
    fix: "set aws:elasticbeanstalk:healthreporting:system SystemType to enhanced",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["ElasticBeanstalk.1"], checkov: ["CKV_AWS_312"] },
    check(environment, { report }) {
      const type = settings(environment)("aws:elasticbeanstalk:healthreporting:system", "SystemType");
      if (type !== "enhanced") report(environment, `must have enhanced health, got ${show(type)}`);
    },
  },
  {
    scope: "resource",
    name: "environment-in-vpc",
    types: [T.beanstalk],
    description: "A Beanstalk environment runs in a VPC of the program, without public addresses.",
    rationale: "Else its servers are in the default VPC, whose subnets are public.",
    fix: "set aws:ec2:vpc VPCId, Subnets and AssociatePublicIpAddress false",
    severity: "high",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-EB1"] },
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.vpc.html",
    check(environment, { report }) {
      const get = settings(environment);
      const missing = ["VPCId", "Subnets"].filter((name) => !get("aws:ec2:vpc", name));
      if (missing.length > 0)
        report(environment, `must run in a VPC of the program, got no ${missing.join(" and no ")}`);
      if (get("aws:ec2:vpc", "AssociatePublicIpAddress") === "true")
        report(environment, "must give its servers no public address, got AssociatePublicIpAddress true");
    },
  },
  {
    scope: "resource",
    name: "environment-logs",
    types: [T.beanstalk],
    description: "Beanstalk streams its servers' logs.",
    rationale: "Logs on a server are gone when it is replaced.",
    fix: "set aws:elasticbeanstalk:cloudwatch:logs StreamLogs to true",
    severity: "high",
    level: "production",
    ids: { securityHub: ["ElasticBeanstalk.3"], cdkNag: ["AwsSolutions-EB4"] },
    check(environment, { report }) {
      const on = settings(environment)("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs");
      if (on !== "true") report(environment, `must stream its logs, got StreamLogs ${show(on)}`);
    },
  },
  {
    scope: "resource",
    name: "environment-managed-updates",
    types: [T.beanstalk],
    description: "Beanstalk applies updates of its platform by itself, or the program pins the platform.",
    rationale: "Platforms nobody updates gather holes and lose support.",
    fix: "set aws:elasticbeanstalk:managedactions ManagedActionsEnabled to true, or name the platform and move it yourself",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ElasticBeanstalk.2"], cdkNag: ["AwsSolutions-EB3"], checkov: ["CKV_AWS_340"] },
    check(environment, { report }) {
      const on = settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled");
      if (on !== "true" && pinnedPlatform(environment).length === 0)
        report(environment, `must have managed updates, got ${show(on)}`);
    },
  },
  {
    scope: "resource",
    name: "environment-pinned",
    types: [T.beanstalk],
    description: "A platform that the program pins is a choice: nobody else updates it.",
    rationale: "AWS retires old platforms, and holes in them stay open until somebody names a newer one.",
    fix: "name the newest platform at every release, or leave it to managed updates",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.platform.upgrade.html",
    check(environment, { report }) {
      if (settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled") === "true") return;
      const pinned = pinnedPlatform(environment);
      if (pinned.length > 0) report(environment, `must be moved on by the program alone, got ${pinned.join(" and ")}`);
    },
  },
  {
    scope: "resource",
    name: "environment-platform",
    types: [T.beanstalk],
    description: "The platform version is moved by managed updates or by the program, never by both.",
    rationale:
      "Managed updates move it on, and the next update of the program moves it back, or fails because AWS no longer offers the old one.",
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
          `must leave its platform to managed updates, got ${moved.join(" and ")} in the program too`,
        );
    },
  },
  {
    scope: "resource",
    name: "environment-shared-balancer",
    types: [T.beanstalk],
    description: "An environment on a shared balancer names the balancer and its security groups.",
    rationale: "Without SecurityGroups Beanstalk attaches a group of its own to the balancer of every service.",
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
        report(environment, `must name the shared balancer and its groups, got no ${missing.join(" and no ")}`);
    },
  },
];
