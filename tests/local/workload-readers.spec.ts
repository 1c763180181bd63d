import assert from "node:assert/strict";
import * as lambda from "@pulumi/aws/lambda";
import * as lb from "@pulumi/aws/lb";
import type { GraphIndex } from "../../graph/model";
import { readAutoScalingGroups } from "../../local/ec2/auto-scaling-groups";
import { readEcsServices } from "../../local/ecs/ecs-services";
import { readBeanstalkEnvironments } from "../../local/elasticbeanstalk/environments";
import { Balancers } from "../../local/elb/balancers";
import { readFunctions } from "../../local/lambda/functions";
import { TimeScale } from "../../local/time-scale";
import { Zones } from "../../local/vpc/zones";
import { standIn } from "./helpers/artifact";
import { addBalancer, addBeanstalk, addEc2, addEcs, addFunction, addTargets, plan } from "./helpers/program";

const artifact = standIn();
after(artifact.remove);

const zones = ["eu-west-1a", "eu-west-1b"];
const env = { SERVICE_NAME: "thing", TABLE_NAME: "things", PORT: "8081", DRAIN_SECONDS: "2" };
const command = ["node", "server.cjs"];
const real = new TimeScale();

describe("readers of planned compute", () => {
  it("read an ECS service with its container, health check and Cloud Map service", async () => {
    const index = await plan(artifact.folder, (region) => void addEcs(region));
    const [group, ...others] = readEcsServices(index, new Zones(index));
    const [service] = index.ofType("aws:ecs/service:Service");
    assert.equal(others.length, 0);
    assert.deepEqual(group, {
      id: service!.urn,
      service: "thing",
      region: "eu-west-1",
      pattern: "ecs",
      zones,
      desired: 3,
      env,
      command,
      cwd: artifact.folder,
      containerCheck: {
        command: ["node", "healthcheck.cjs"],
        intervalSeconds: 10,
        timeoutSeconds: 5,
        retries: 2,
        startPeriodSeconds: 0,
      },
      containerGraceSeconds: 0,
      replacement: { atATime: 3, newServer: "before" },
      deployment: "before",
      restartSeconds: 1,
      stopTimeoutSeconds: 60,
      registersWith: [index.ofType("aws:servicediscovery/service:Service")[0]!.outputs["arn"]],
    });
  });

  it("read an Auto Scaling group through user data, S3 object and archive", async () => {
    const index = await plan(artifact.folder, (region) =>
      addEc2(region, addTargets(region, addBalancer(region)).targets),
    );
    const [group] = readAutoScalingGroups(index, new Zones(index));
    const { id, ...rest } = group!;
    assert.equal(id, index.ofType("aws:autoscaling/group:Group")[0]!.urn);
    assert.deepEqual(rest, {
      service: "thing",
      region: "eu-west-1",
      pattern: "ec2",
      zones,
      desired: 2,
      env: { NODE_ENV: "production", ...env },
      command,
      cwd: artifact.folder,
      balancerGraceSeconds: 180,
      replacement: { atATime: 1, newServer: "together" },
      deployment: "after",
      restartsInPlace: true,
      restartSeconds: 1,
      stopTimeoutSeconds: 60,
      registersWith: [index.ofType("aws:lb/targetGroup:TargetGroup")[0]!.outputs["arn"]],
    });
    await assertLeadsTo(new Balancers(index, real), index, group!.registersWith[0]!);
  });

  it("read a Beanstalk environment, and its rule on the shared listener", async () => {
    const index = await plan(artifact.folder, (region) => void addBeanstalk(region, addBalancer(region)));
    const [group] = readBeanstalkEnvironments(index, new Zones(index), "/");
    const { id, ...rest } = group!;
    assert.deepEqual(rest, {
      service: "thing",
      region: "eu-west-1",
      pattern: "beanstalk",
      zones,
      desired: 2,
      env,
      command,
      cwd: artifact.folder,
      replacement: { atATime: 1, newServer: "together" },
      deployment: "after",
      restartsInPlace: true,
      restartSeconds: 1,
      stopTimeoutSeconds: 90,
      registersWith: [`${id}#default`],
    });
    const balancers = new Balancers(index, real);
    assert.deepEqual(balancers.groups.get(`${id}#default`)?.spec, {
      key: `${id}#default`,
      algorithm: "round_robin",
      path: "/healthz",
      matcher: "200",
      intervalSeconds: 10,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
      deregistrationSeconds: 30,
      minimumHealthyTargets: 1,
    });
    const { cname } = index.ofType("aws:elasticbeanstalk/environment:Environment")[0]!.outputs;
    await assertLeadsTo(balancers, index, `${id}#default`, cname.toUpperCase());
    for (const host of ["api.example.com", "", `a.${cname}`]) {
      assert.deepEqual(balancers.pick(index.ofType("aws:lb/listener:Listener")[0]!.outputs["arn"], host), {
        kind: "fixed",
        via: "balancer",
        status: 503,
        contentType: "text/plain",
        body: "no rule matches",
      });
    }
  });

  it("read the health check of a Beanstalk environment from the configuration files in its bundle", async () => {
    const group = (properties: string) => `Resources: { AWSEBAutoScalingGroup: { Properties: { ${properties} } } }`;
    const read = async (files: Record<string, string>) => {
      const bundle = standIn(files);
      const index = await plan(bundle.folder, (region) => void addBeanstalk(region, addBalancer(region)));
      try {
        return readBeanstalkEnvironments(index, new Zones(index), "/")[0]!.balancerGraceSeconds;
      } finally {
        bundle.remove();
      }
    };
    assert.equal(await read({}), undefined);
    const elb = { ".ebextensions/a.config": group("HealthCheckType: ELB, HealthCheckGracePeriod: 240") };
    assert.equal(await read(elb), 240);
    assert.equal(await read({ ...elb, ".ebextensions/b.config": group("HealthCheckType: EC2") }), undefined);
    assert.equal(await read({ ...elb, ".ebextensions/b.config": group("HealthCheckGracePeriod: 60") }), 60);
    assert.equal(await read({ ".ebextensions/a.txt": "notes" }), undefined);
    await assert.rejects(
      read({ ".ebextensions/a.config": group("HealthCheckType: ELB") }),
      /\.ebextensions HealthCheckGracePeriod must be a number with ELB to run on the local platform, got nothing;/,
    );
    await assert.rejects(
      read({ ".ebextensions/a.config": "commands: { a: { command: date } }" }),
      /\.ebextensions must be about the health check of AWSEBAutoScalingGroup only to run .*, got \["commands"\];/,
    );
  });

  it("read a function behind an alias with its provisioned and reserved concurrency", async () => {
    const index = await plan(artifact.folder, (region) => {
      const alias = addFunction(region);
      const { functionName, name: qualifier } = alias;
      new lambda.ProvisionedConcurrencyConfig(
        "warm",
        { functionName, qualifier, provisionedConcurrentExecutions: 3 },
        region.opts,
      );
    });
    const [alias] = index.ofType("aws:lambda/alias:Alias");
    assert.deepEqual(readFunctions(index, new Zones(index)), [
      {
        aliasArn: alias!.outputs["arn"],
        invokeArn: alias!.outputs["invokeArn"],
        functionName: alias!.outputs["functionName"],
        role: { roleArn: "arn:aws:iam::123456789012:role/r", by: "function" },
        service: "thing",
        region: "eu-west-1",
        zones,
        file: "handler.cjs",
        export: "handler",
        cwd: artifact.folder,
        env,
        memoryMegabytes: 512,
        timeoutSeconds: 12,
        reservedConcurrency: 4,
        provisionedConcurrency: 3,
      },
    ]);
  });

  it("refuse what would run differently than planned, in one sentence", async () => {
    const sidecar = await plan(artifact.folder, (region) => void addEcs(region, { secrets: [{ name: "A" }] }));
    assert.throws(() => readEcsServices(sidecar, new Zones(sidecar)), {
      name: "UserError",
      message:
        'aws:ecs/taskDefinition:TaskDefinition "eu-west-1-task": containerDefinitions[0].secrets A must be the ARN of a parameter to run on the local platform, got nothing; change the program, or teach local/ this setting',
    });
    const sticky = await plan(artifact.folder, (region) => {
      addTargets(region, addBalancer(region), { stickiness: { enabled: true, type: "lb_cookie" } });
    });
    assert.throws(() => new Balancers(sticky, real), /targetGroup.* stickiness\.enabled must be unset or false/);
    const elsewhere = await plan(artifact.folder, (region) => {
      const { targets, listener } = addTargets(region, addBalancer(region));
      const actions = [{ type: "forward", targetGroupArn: targets.arn.apply((arn) => `${arn}0`) }];
      new lb.Listener(
        "undeclared",
        { loadBalancerArn: listener.loadBalancerArn, port: 8082, protocol: "HTTP", defaultActions: actions },
        region.opts,
      );
    });
    assert.throws(
      () => new Balancers(elsewhere, real),
      /"undeclared": defaultActions must be forward to a planned target group/,
    );
    const image = await plan(artifact.folder, (region) => void addFunction(region, { packageType: "Image" }));
    assert.throws(() => readFunctions(image, new Zones(image)), /packageType must be unset or "Zip"/);
  });
});

/** The one planned listener chooses from this target group for a host, and from nothing while it is empty. */
async function assertLeadsTo(balancers: Balancers, index: GraphIndex, group: string, host = "any"): Promise<void> {
  const listener = index.ofType("aws:lb/listener:Listener")[0]!.outputs["arn"];
  assert.deepEqual(balancers.pick(listener, host), { kind: "none", via: "balancer" });
  const origin = "http://127.0.0.1:1";
  const registration = balancers.groups.get(group)!.register({ id: "i", origin }, false, () => {});
  const choice = balancers.pick(listener, host);
  assert.ok(choice.kind === "server" && choice.origin === origin);
  choice.requestEnded();
  await registration.deregister();
}
