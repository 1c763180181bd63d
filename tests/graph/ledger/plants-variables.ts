import type { Editor, Plant } from "./plant";

const region = "eu-west-1";

/** Variables as services have them, with who answers what they name. */
const variables: readonly (readonly [variable: string, value: string, answeredBy: string])[] = [
  ["ORDERS_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/orders", "us-east-1"],
  ["LEGACY_QUEUE", "https://queue.amazonaws.com/123456789012/legacy", "us-east-1"],
  ["STS_ENDPOINT", "https://sts.amazonaws.com", "us-east-1"],
  ["DYNAMODB_ENDPOINT", "https://dynamodb.eu-central-1.amazonaws.com", "eu-central-1"],
  ["COGNITO_REGION", "eu-central-1", "eu-central-1"],
  ["AUDIT_STREAM_ARN", "arn:aws:kinesis:us-west-2:123456789012:stream/audit", "us-west-2"],
  ["DATABASE_HOST", "orders.cluster-c1a2b3.us-east-2.rds.amazonaws.com", "us-east-2"],
  ["CACHE_ENDPOINT", "sessions.abc123.0001.use1.cache.amazonaws.com:6379", "us-east-1"],
  ["SEARCH_URL", "https://search-catalog-x1y2.eu-north-1.es.amazonaws.com", "eu-north-1"],
  ["CONFIG_BUCKET_URL", "s3://shared-settings-us-east-1/flags.json", "us-east-1"],
  ["ASSETS", "https://assets.s3.us-west-1.amazonaws.com/index.json", "us-west-1"],
  ["IMAGES", "https://s3-ap-southeast-2.amazonaws.com/images/logo.png", "ap-southeast-2"],
  ["FEATURE_FLAGS_URL", "https://flags.example.net/v2/all", "flags.example.net"],
  ["SENTRY_DSN", "https://k1@errors.example.org/42", "errors.example.org"],
  ["AMQP_URL", "amqps://broker.example.net:5671", "broker.example.net"],
  ["MONGO_URI", "mongodb+srv://user:pw@cluster0.example.org/orders", "cluster0.example.org"],
  ["KAFKA_BROKERS", "b-1.events.k2.kafka.eu-west-2.amazonaws.com:9098", "eu-west-2"],
  ["PAYMENT_FUNCTION_URL", "https://abc123.lambda-url.ca-central-1.on.aws/", "ca-central-1"],
  ["KMS_KEY", "arn:aws:kms:us-east-1:123456789012:key/1b2c3d4e-0000-4000-8000-000000000000", "us-east-1"],
  ["TOPIC", "arn:aws:sns:eu-central-1:123456789012:orders", "eu-central-1"],
  ["PEER_API", "https://eu-central-1.api.example.com/food-store/foods", "eu-central-1"],
  ["SELF_URL", "https://api.example.com/food-store/foods", "the region that api.example.com leads to"],
  ["AUTH_SERVER", "login.example.net", "login.example.net"],
  ["TOKEN_ISSUER", "https://example-platform.auth.us-east-1.amazoncognito.com", "us-east-1"],
  ["CDN_URL", "https://d111111abcdef8.cloudfront.net", "the edge network"],
];

type Pattern = readonly [on: string, set: (graph: Editor, variable: string, value: string) => void];

/** How each pattern gives its servers a variable. */
const patterns: readonly Pattern[] = [
  ["pet-store-function", (graph, ...own) => graph.functionVariable("eu-west-1-pet-store-function", ...own)],
  ["food-store-task", (graph, ...own) => graph.taskVariable("eu-west-1-food-store-task", ...own)],
  ["price-calculator-env", (graph, ...own) => graph.beanstalkVariable("eu-west-1-price-calcu", ...own)],
  [
    "shipping-template",
    (graph, variable, value) =>
      graph.userData("eu-west-1-shipping-template", "      LOG_LEVEL=info", [`      ${variable}=${value}`]),
  ],
];

/** Dependencies that variables name, under each of the four patterns in turn. */
export const variablePlants: readonly Plant[] = variables.map(([variable, value, answeredBy], index) => {
  const [on, set] = patterns[index % patterns.length]!;
  return {
    ...{ purpose: "serve", answeredBy, region, on, what: `${on}: ${variable}=${value}` },
    change: (graph) => set(graph, variable, value),
  };
});
