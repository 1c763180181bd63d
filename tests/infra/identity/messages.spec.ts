import assert from "node:assert/strict";
import { planned, replanned } from "../../conformance/plans";

const POOL = "aws:cognito/userPool:UserPool";
const IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity";

describe("messages of the user pool", () => {
  const from = "no-reply@dev.example.com";

  it("come from Cognito's own sender unless SES is configured, which is said in so many words", async () => {
    const plan = await planned("dev");
    assert.equal(plan.ofType(IDENTITY).length, 0);
    assert.deepEqual(plan.one(POOL, {}).inputs["emailConfiguration"], { emailSendingAccount: "COGNITO_DEFAULT" });
  });

  it("make SES's identity and its records first, so that it is verified before the pool uses it", async () => {
    const plan = await replanned("dev", ({ signIn }) => {
      signIn.mail = { from, sender: "cognito" };
    });
    const { inputs, outputs } = plan.one(IDENTITY, {});
    assert.equal(inputs["emailIdentity"], "dev.example.com");
    assert.deepEqual(plan.one(POOL, {}).inputs["emailConfiguration"], { emailSendingAccount: "COGNITO_DEFAULT" });
    const tokens: string[] = outputs["dkimSigningAttributes"].tokens;
    const zone = plan.one("aws:route53/zone:Zone", { name: "dev.example.com" }).outputs["zoneId"];
    const records = plan
      .where("aws:route53/record:Record", { type: "CNAME" })
      .filter(({ name }) => /dns-mail/.test(name));
    assert.deepEqual(
      records.map((record) => [record.inputs["zoneId"], record.inputs["name"], record.inputs["records"]]),
      tokens.map((token) => [zone, `${token}._domainkey.dev.example.com`, [`${token}.dkim.amazonses.com`]]),
    );
  });

  it("are sent by SES from the configured address once that is chosen", async () => {
    const plan = await replanned("prod", ({ signIn }) => {
      signIn.mail = { from: "no-reply@example.com", sender: "ses" };
    });
    assert.deepEqual(plan.one(POOL, {}).inputs["emailConfiguration"], {
      emailSendingAccount: "DEVELOPER",
      sourceArn: plan.one(IDENTITY, {}).outputs["arn"],
      fromEmailAddress: "no-reply@example.com",
    });
    // The standby region's stack makes no record twice.
    assert.equal(plan.ofType("aws:route53/record:Record").filter(({ name }) => /dns-mail/.test(name)).length, 3);
  });

  it("that Cognito cannot deliver raise an alarm, which tells people", async () => {
    for (const environment of ["dev", "prod"] as const) {
      const plan = await planned(environment);
      const { logConfigurations } = plan.one(
        "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration",
        {},
      ).inputs;
      const group = plan.one("aws:cloudwatch/logGroup:LogGroup", {
        arn: logConfigurations[0].cloudWatchLogsConfiguration.logGroupArn,
      });
      const { inputs } = plan.one("aws:cloudwatch/logMetricFilter:LogMetricFilter", {
        logGroupName: group.outputs["name"],
      });
      assert.equal(inputs["pattern"], "", "every line counts, as Cognito writes errors alone");
      const alarm = plan.one("aws:cloudwatch/metricAlarm:MetricAlarm", {
        metricName: inputs["metricTransformation"].name,
      });
      assert.equal(alarm.inputs["namespace"], inputs["metricTransformation"].namespace);
      assert.match(alarm.inputs["alarmActions"][0], /identity-messages-alarms/);
      const told = plan.where("aws:sns/topicSubscription:TopicSubscription", {
        topic: alarm.inputs["alarmActions"][0],
      });
      assert.equal(told.length, environment === "prod" ? 1 : 0);
    }
  });

  it("raise an alarm when so many bounce or are reported that AWS may stop them", async () => {
    const plan = await replanned("prod", ({ signIn }) => {
      signIn.mail = { from: "no-reply@example.com", sender: "ses" };
    });
    const alarms = plan.where("aws:cloudwatch/metricAlarm:MetricAlarm", { namespace: "AWS/SES" });
    assert.deepEqual(
      alarms.map(({ inputs }) => [inputs["metricName"], inputs["threshold"], inputs["alarmActions"].length]),
      [
        ["Reputation.BounceRate", 0.05, 1],
        ["Reputation.ComplaintRate", 0.001, 1],
      ],
    );
  });
});

describe("the sign-in page's own name", () => {
  it("has a certificate of us-east-1, a domain of the pool, and an alias to CloudFront, after the name above it", async () => {
    const plan = await replanned("prod", ({ signIn }) => {
      signIn.domain = "sign-in.api.example.com";
    });
    const pool = plan.one(POOL, {}).outputs["id"];
    const domain = plan.one("aws:cognito/userPoolDomain:UserPoolDomain", { domain: "sign-in.api.example.com" });
    const { userPoolId, managedLoginVersion, certificateArn } = domain.inputs;
    assert.deepEqual([userPoolId, managedLoginVersion], [pool, 2]);
    assert.match(certificateArn, /^arn:aws:acm:us-east-1:/);
    const [alias] = plan.where("aws:route53/record:Record", { name: "sign-in.api.example.com" });
    assert.deepEqual(alias!.inputs["aliases"], [
      {
        name: domain.outputs["cloudfrontDistribution"],
        zoneId: "Z2FDTNDATAQYW2",
        evaluateTargetHealth: false,
      },
    ]);
    assert.equal(alias!.inputs["type"], "A");
    // The prefix stays: an application that knows it goes on.
    assert.equal(plan.ofType("aws:cognito/userPoolDomain:UserPoolDomain").length, 2);
    const outputs: any = plan.graph.outputs;
    assert.equal(outputs.identity["eu-west-1"].signInUrl, "https://sign-in.api.example.com");
  });
});
