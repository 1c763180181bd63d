import type { Editor } from "./plant";

/** A change after which a region needs nothing more outside of it. */
interface Decoy {
  readonly what: string;
  readonly change: (graph: Editor) => void;
}

const lambda = "eu-west-1-pet-store-function";

/** Changes that name other regions and hosts, or look like calls, and are none that leave the region. */
export const decoys: readonly Decoy[] = [
  {
    what: "a queue of the own region",
    change: (graph) =>
      graph.functionVariable(lambda, "QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/q"),
  },
  {
    what: "a replicated table, named by its first region",
    change: (graph) => {
      const table = graph.one("aws:dynamodb/table:Table", "eu-west-1-data-food-store");
      graph.functionVariable("eu-central-1-pet-store-function", "FOODS", table.outputs["name"]);
    },
  },
  { what: "a file name", change: (graph) => graph.functionVariable(lambda, "SERVER_FILE", "server.cjs") },
  { what: "a version", change: (graph) => graph.functionVariable(lambda, "RELEASE", "1.22.3") },
  {
    what: "a loopback address",
    change: (graph) => graph.functionVariable(lambda, "AGENT_URL", "http://127.0.0.1:2772"),
  },
  {
    what: "the private name of the own region",
    change: (graph) => graph.taskVariable("eu-west-1-food-store-task", "PRICES_URL", "https://internal.example.com/x"),
  },
  {
    what: "a description",
    change: (graph) => {
      graph.inputs("aws:lambda/function:Function", lambda)["description"] =
        "moved from us-east-1, see https://wiki.example.org";
    },
  },
  {
    what: "a tag",
    change: (graph) => {
      graph.inputs("aws:ecs/cluster:Cluster", "eu-west-1-food-store-cluster")["tags"]["origin"] = "us-east-1";
    },
  },
  {
    what: "an origin that browsers send requests from",
    change: (graph) => {
      graph
        .inputs("aws:apigatewayv2/api:Api", "eu-west-1-http-api")
        ["corsConfiguration"].allowOrigins.push("https://x.example.org");
    },
  },
  ...["eu-west-1-food-store-task", "eu-west-1-shipping-template"].map((name) => ({
    what: `an origin of browsers in a variable of ${name}`,
    change: (graph: Editor) => {
      const origins = "https://x.example.org,https://y.example.org";
      if (name.endsWith("-task")) graph.taskVariable(name, "CORS_ORIGINS", origins);
      else graph.userData(name, "      LOG_LEVEL=info", [`      CORS_ORIGINS=${origins}`]);
    },
  })),
  {
    what: "where clients return to after a sign-in",
    change: (graph) => {
      const client = graph.first(({ type }) => type === "aws:cognito/userPoolClient:UserPoolClient");
      (client.inputs as Record<string, unknown>)["callbackUrls"] = ["https://app.example.org/signed-in"];
    },
  },
  {
    what: "a right that a statement takes away",
    change: (graph) => {
      const inputs = graph.inputs("aws:iam/rolePolicy:RolePolicy", "eu-west-1-food-store-role-policy");
      const document = JSON.parse(inputs["policy"]);
      document.Statement.push({ Effect: "Deny", Action: "iam:*", Resource: "*" });
      inputs["policy"] = JSON.stringify(document);
    },
  },
  {
    what: "a topic of alarms, which people read",
    change: (graph) => {
      const alarm = graph.first(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
      alarm.inputs["alarmActions"].push("arn:aws:sns:us-east-1:123456789012:people");
    },
  },
];
