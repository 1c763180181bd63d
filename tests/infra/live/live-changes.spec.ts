import assert from "node:assert/strict";
import { routesOf } from "../../../graph/access/routes";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { readersOf } from "../../../stacks/live-changes";
import { replanned } from "../../conformance/plans";

const live = (config: any) => {
  config.live = { domain: `live.${config.domain.zone}` };
};
const without = (config: any) => void delete config.live;
const regions = ["eu-west-1", "eu-central-1"];

describe("live changes", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await replanned("prod", live);
  });

  const named = (type: string, name: string): PlannedResource =>
    plan.ofType(type).find((each) => each.name === name) ?? assert.fail(`no ${type} ${name}`);
  const inLive = (type: string) => plan.ofType(type).filter(({ name }) => name.includes("-live"));
  const statementsOf = (name: string): any[] =>
    JSON.parse(named("aws:iam/rolePolicy:RolePolicy", `${name}-role-policy`).outputs["policy"]).Statement;
  const actionsOf = (name: string) =>
    statementsOf(name)
      .flatMap(({ Action }) => Action)
      .filter((action) => !/^(logs|xray):/.test(action))
      .sort();

  it("have a WebSocket API in each region, reached by its own names alone", () => {
    const apis = plan.ofType("aws:apigatewayv2/api:Api").filter(({ inputs }) => inputs["protocolType"] === "WEBSOCKET");
    assert.deepEqual(apis.map(({ region }) => region).sort(), [...regions].sort());
    for (const { inputs } of apis) assert.equal(inputs["disableExecuteApiEndpoint"], true);
    const names = inLive("aws:apigatewayv2/domainName:DomainName").map(({ inputs }) => inputs["domainName"]);
    assert.deepEqual(
      names.sort(),
      ["eu-central-1.live.example.com", "eu-west-1.live.example.com", "live.example.com", "live.example.com"].sort(),
    );
  });

  it("serve a deployment that is made anew with the endpoint's setting, after the routes", () => {
    for (const region of regions) {
      const deployment = named("aws:apigatewayv2/deployment:Deployment", `${region}-live-api-deployment`);
      assert.match(deployment.inputs["triggers"].definition, /^[0-9a-f]{64}$/);
      const routes = inLive("aws:apigatewayv2/route:Route").filter((each) => each.region === region);
      assert.equal(routes.length, 3);
      for (const { urn } of routes) assert.ok(deployment.dependencies.includes(urn));
      const stage = named("aws:apigatewayv2/stage:Stage", `${region}-live-api-stage`);
      assert.equal(stage.inputs["deploymentId"], deployment.outputs["id"]);
    }
  });

  it("always have both limits, no execution log, and an access log without header, query and message", () => {
    for (const region of regions) {
      const { defaultRouteSettings: settings, accessLogSettings } = named(
        "aws:apigatewayv2/stage:Stage",
        `${region}-live-api-stage`,
      ).inputs;
      assert.deepEqual(
        [settings.throttlingRateLimit, settings.throttlingBurstLimit, settings.loggingLevel, settings.dataTraceEnabled],
        [2_000, 1_000, "OFF", false],
      );
      const variables = [...accessLogSettings.format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
      assert.ok(variables.length > 10);
      for (const name of variables) assert.doesNotMatch(name, /header|query|body|path|token/i);
    }
  });

  it("ask the authorizer for each connection by the protocols' header, and need no token afterwards", () => {
    const authorizers = inLive("aws:apigatewayv2/authorizer:Authorizer");
    assert.equal(authorizers.length, 2);
    for (const { inputs } of authorizers) {
      assert.deepEqual(inputs["identitySources"], ["route.request.header.Sec-WebSocket-Protocol"]);
      assert.equal(inputs["authorizerType"], "REQUEST");
      for (const key of ["authorizerResultTtlInSeconds", "enableSimpleResponses", "authorizerPayloadFormatVersion"])
        assert.equal(inputs[key], undefined, key);
    }
    for (const { inputs } of inLive("aws:apigatewayv2/integration:Integration"))
      assert.equal(inputs["payloadFormatVersion"], undefined);
    const routes = inLive("aws:apigatewayv2/route:Route").map(({ inputs }) => [
      inputs["routeKey"],
      inputs["authorizationType"],
    ]);
    assert.deepEqual(Object.fromEntries(routes), { $connect: "CUSTOM", $default: "NONE", $disconnect: "NONE" });
    const [access] = routesOf(plan).filter(({ gateway }) => gateway === "websocket");
    assert.deepEqual(access?.demand, { kind: "jwt", scopes: [] });
    assert.equal(access?.tokenHeader, "sec-websocket-protocol");
  });

  it("show a service's changes to those who may read one of its items", () => {
    const route = (path: string, scopes: readonly string[], method = "GET") =>
      ({ id: path, method, path, scopes, throttle: { rate: 1, burst: 1 } }) as const;
    const services = [
      { name: "open", publishes: true, routes: [route("/open/x/{id}", []), route("/open/y/{id}", ["open/read"])] },
      { name: "closed", publishes: true, routes: [route("/closed/x/{id}", ["closed/b", "closed/a"])] },
      { name: "unread", publishes: true, routes: [route("/unread/x/{id}", ["unread/write"], "PUT")] },
      { name: "silent", publishes: false, routes: [route("/silent/x/{id}", [])] },
    ];
    assert.deepEqual(readersOf(services as any), { open: [], closed: ["closed/a", "closed/b"] });
  });

  it("give each function what it uses: only the sender posts, only the closer ends connections", () => {
    const [receive, key] = [
      ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map((each) => `sqs:${each}`),
      ["kms:Decrypt", "kms:GenerateDataKey"],
    ];
    for (const region of regions) {
      assert.deepEqual(actionsOf(`${region}-live-connections-authorizer`), []);
      assert.deepEqual(
        actionsOf(`${region}-live-connections-registrar`),
        ["dynamodb:DeleteItem", "dynamodb:PutItem", "sqs:SendMessage", ...key!].sort(),
      );
      assert.deepEqual(
        actionsOf(`${region}-live-sender`),
        ["dynamodb:DeleteItem", "dynamodb:Scan", "execute-api:ManageConnections", "kms:Decrypt", ...receive!].sort(),
      );
      assert.deepEqual(
        actionsOf(`${region}-live-closer`),
        ["dynamodb:DeleteItem", "execute-api:ManageConnections", "sqs:SendMessage", ...receive!, ...key!].sort(),
      );
      const managed = (name: string) =>
        statementsOf(name).find(({ Action }) => Action.includes("execute-api:ManageConnections")).Resource;
      const { executionArn } = named("aws:apigatewayv2/api:Api", `${region}-live-api-api`).outputs;
      const connections = (method: string) => `${executionArn}/live/${method}/@connections/*`;
      assert.deepEqual(managed(`${region}-live-sender`), [connections("POST"), connections("DELETE")]);
      assert.equal(managed(`${region}-live-closer`), connections("DELETE"));
    }
  });

  it("post by the region's own name, which nothing moves to the other region", () => {
    for (const region of regions) {
      const { variables } = named("aws:lambda/function:Function", `${region}-live-sender`).inputs["environment"];
      assert.equal(variables.POST_URL, `https://${region}.live.example.com`);
    }
  });

  it("have alarms on what the functions fail at, and on what does not reach them", () => {
    for (const region of regions) {
      const { outputs } = named("aws:apigatewayv2/api:Api", `${region}-live-api-api`);
      const { inputs } = named("aws:cloudwatch/metricAlarm:MetricAlarm", `${region}-live-api-unreached`);
      assert.deepEqual(
        [inputs["namespace"], inputs["metricName"], inputs["dimensions"], inputs["threshold"]],
        ["AWS/ApiGateway", "ExecutionError", { ApiId: outputs["id"] }, 0],
      );
      assert.equal(inputs["alarmActions"].length, 1);
      const rate = named("aws:cloudwatch/metricAlarm:MetricAlarm", `${region}-live-api-errors`).inputs["metricQueries"];
      assert.deepEqual(
        rate.flatMap(({ metric }: any) => metric?.metricName ?? []),
        ["ConnectCount", "IntegrationError"],
      );
    }
  });

  it("keep their connections in a table of the region alone, whose rows end after the token", () => {
    const tables = inLive("aws:dynamodb/table:Table");
    assert.deepEqual(tables.map(({ region }) => region).sort(), [...regions].sort());
    for (const { inputs, protect } of tables) {
      assert.deepEqual(inputs["ttl"], { enabled: true, attributeName: "removeAt" });
      assert.deepEqual([inputs["replicas"], inputs["streamEnabled"]], [undefined, undefined]);
      assert.deepEqual(
        [protect, inputs["deletionProtectionEnabled"], inputs["pointInTimeRecovery"].enabled],
        [true, true, true],
      );
    }
  });

  it("take the changes of both regions, each subscription and its dead letters in the region of its topic", () => {
    const all = inLive("aws:sns/topicSubscription:TopicSubscription").map(
      ({ region, inputs, propertyDependencies: of }) => {
        const { topic, endpoint, redrivePolicy } = inputs;
        const regionOf = (arn: string) => arn.split(":")[3]!;
        const dead = JSON.parse(redrivePolicy).deadLetterTargetArn;
        assert.equal(regionOf(topic), region);
        // Of a region's outputs nothing else is needed.
        for (const property of ["endpoint", "redrivePolicy"]) assert.equal(of[property]!.length, 1, property);
        assert.equal(regionOf(dead), region);
        return `${/-(food|pet)-store-changes/.exec(topic)![1]} ${regionOf(topic)} to ${regionOf(endpoint)}`;
      },
    );
    const pairs = regions.flatMap((from) => regions.map((to) => `${from} to ${to}`));
    assert.deepEqual(
      all.sort(),
      ["food", "pet"].flatMap((service) => pairs.map((pair) => `${service} ${pair}`)).sort(),
    );
  });

  it("let the topics of both regions, by their names, and nothing else send to a region's queue", () => {
    for (const region of regions) {
      const queue = named("aws:sqs/queuePolicy:QueuePolicy", `${region}-live-changes-tls`);
      const allowed = JSON.parse(queue.outputs["policy"]).Statement.filter(({ Effect }: any) => Effect === "Allow");
      // One statement for any number of services: SQS takes 20 statements and 10 conditions in a policy.
      assert.equal(allowed.length, 1);
      assert.equal(allowed[0].Principal.Service, "sns.amazonaws.com");
      const sources: string[] = allowed[0].Condition.ArnEquals["aws:SourceArn"];
      assert.equal(sources.length, 4);
      const topics = plan.ofType("aws:sns/topic:Topic").filter(({ name }) => name.endsWith("-changes-topic"));
      assert.equal(topics.length, 4);
      for (const { outputs } of topics) {
        const matching = sources.filter((arn) =>
          new RegExp(`^${arn.replaceAll("*", "[0-9a-f]+")}$`).test(outputs["arn"]),
        );
        assert.equal(matching.length, 1, outputs["arn"]);
      }
    }
  });

  it("move to the other region by the same health check as the API", () => {
    const records = plan.ofType("aws:route53/record:Record");
    const checkOf = (name: string) =>
      records
        .filter(({ inputs }) => inputs["name"] === name && inputs["failoverRoutingPolicies"])
        .map(({ region, inputs }) => `${region} ${inputs["healthCheckId"]}`)
        .sort();
    assert.equal(checkOf("live.example.com").length, 2);
    assert.deepEqual(checkOf("live.example.com"), checkOf("api.example.com"));
  });

  it("are at an address that the web app knows and may connect to, and that it does not know without them", async () => {
    const told = (index: GraphIndex) => {
      const [config] = index
        .ofType("aws:s3/bucketObjectv2:BucketObjectv2")
        .filter(({ inputs }) => inputs["key"] === "config.json");
      const [headers] = index.ofType("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy");
      const { contentSecurityPolicy: policy } = headers!.inputs["securityHeadersConfig"].contentSecurityPolicy;
      return [JSON.parse(config!.inputs["content"]).liveUrl, /connect-src [^;]*?( wss:\S+)?;/.exec(policy)![1]];
    };
    assert.deepEqual(told(plan), ["wss://live.example.com", " wss://live.example.com"]);
    assert.deepEqual(told(await replanned("prod", without)), [undefined, undefined]);
  });

  it("are part of a region's outputs, and of none without the key", async () => {
    const edge = plan.graph.outputs["edge"] as any;
    assert.equal(edge["eu-west-1"].live.url, "wss://live.example.com");
    const without = await replanned("prod", (config) => delete config.live);
    assert.deepEqual(
      without.graph.resources.filter(({ name }) => name.includes("-live")).map(({ name }) => name),
      [],
    );
    assert.equal((without.graph.outputs["edge"] as any)["eu-west-1"].live, undefined);
  });
});
