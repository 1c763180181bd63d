import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { environments, planned } from "./plans";

/** Every text in a value, user data decoded. */
function texts(value: unknown, key = ""): string[] {
  if (typeof value === "string") return [key === "userData" ? Buffer.from(value, "base64").toString() : value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, item]) => texts(item, name));
}

/** What AWS would have made up: outputs that are not merely inputs, and the replicas of tables. */
function madeUp(resources: readonly PlannedResource[]): ReadonlySet<string> {
  const outputs = resources.flatMap((resource) =>
    Object.entries(resource.outputs).flatMap(([key, value]) =>
      isDeepStrictEqual(value, resource.inputs[key]) ? [] : texts(value),
    ),
  );
  const replicas = resources
    .filter(({ type }) => type === "aws:dynamodb/table:Table")
    .flatMap(({ inputs, outputs, region }) =>
      (inputs["replicas"] ?? []).map(({ regionName }: any) => outputs["arn"].replace(`:${region}:`, `:${regionName}:`)),
    );
  return new Set([...outputs, ...replicas]);
}

/** ARNs, ids as AWS shapes them, and names with the provider's seven random characters. */
const reference =
  /arn:aws[^"\s,\\]+|\b(?:sg|sgr|subnet|vpc|rtb|vpce|srv|ns|lt|acl|fl)-[a-z0-9]{16,17}\b|(?<![\w./-])[a-z][a-z0-9-]*-[0-9a-f]{7}(?![\w-])/g;

/** What AWS or its services make, and the program may name. */
const foreign = [
  /^arn:aws:iam::aws:policy\//, // AWS's own policies
  /^arn:aws:iam::123456789012:root$/, // the account, in key policies
  /^arn:aws:codedeploy:[a-z0-9-]+:123456789012:deploymentconfig:CodeDeployDefault\./,
  /^arn:aws:ssm:[a-z0-9-]+:123456789012:parameter\/platform\//, // secrets, which people write
  /^arn:aws:ec2:[a-z0-9-]+:123456789012:instance\/\*$/, // started by Auto Scaling groups
  /^arn:aws:s3:::elasticbeanstalk-[a-z0-9-]+-123456789012(\/resources\/environments\/.*)?$/, // Beanstalk's bucket
  /^arn:aws:s3:::(al2023-repos|prod|elasticbeanstalk-(platform-assets|env-resources|samples)|cloudformation-waitcondition)-[a-z0-9-]+\/\*$/,
];

/** Beanstalk's applications, environments and their log groups, by the logical name of the application or environment. */
const byEnvironmentName =
  /^arn:aws:(elasticbeanstalk:.*:application\/|elasticbeanstalk:.*:environment\/[^/]+-\*\/|logs:.*:\/aws\/elasticbeanstalk\/)(.*)-\*$/;

for (const environment of environments) {
  describe(`every reference in ${environment}`, () => {
    let plan: GraphIndex;
    let known: ReadonlySet<string>;
    let sorted: readonly string[];
    before(async () => {
      plan = await planned(environment);
      known = madeUp(plan.graph.resources);
      sorted = [...known];
    });

    /** An exact output; a route of an API; or a pattern that at least one output, or a resource's name, fits. */
    function resolves(text: string): boolean {
      if (known.has(text) || foreign.some((pattern) => pattern.test(text))) return true;
      const call = /^(arn:aws:execute-api:.*:\w+\/\$default)\/([A-Z]+)(\/.*)$/.exec(text);
      if (call) return known.has(call[1]!) && hasRoute(`${call[2]} ${call[3]}`);
      const authorizer = /^(arn:aws:execute-api:[^/]*)\/authorizers\/(\w+)$/.exec(text);
      if (authorizer) return known.has(authorizer[1]!) && known.has(authorizer[2]!);
      const named = byEnvironmentName.exec(text)?.[2];
      if (named !== undefined)
        return [environmentType, applicationType].some((type) => plan.ofType(type).some(({ name }) => name === named));
      const pipe = /^arn:aws:pipes:[a-z0-9-]+:123456789012:pipe\/(.*)-\*$/.exec(text)?.[1];
      if (pipe !== undefined) return plan.ofType("aws:pipes/pipe:Pipe").some(({ name }) => name === pipe);
      const [, base] = /^(.*?)[:/]([^:]*\/)?\*$/.exec(text) ?? [];
      return (
        base !== undefined &&
        sorted.some((output) => output === base || output.startsWith(`${base}/`) || output.startsWith(`${base}:`))
      );
    }

    function hasRoute(call: string): boolean {
      const routes = plan.ofType("aws:apigatewayv2/route:Route");
      return routes.some(({ inputs }) => {
        const key = inputs["routeKey"].replace(/\{\w+\}/g, "*");
        return key === call || (call.endsWith("/*") && key.startsWith(call.slice(0, -1)));
      });
    }

    it("leads to a resource of the plan, or to what AWS itself makes", () => {
      let found = 0;
      for (const { urn, inputs } of plan.graph.resources) {
        for (const text of texts(inputs).flatMap((each) => each.match(reference) ?? [])) {
          assert.ok(resolves(text), `${urn} refers to ${text}`);
          found += 1;
        }
      }
      assert.ok(found > 200, String(found));
    });

    it("stays in the region of the resource that has it", () => {
      const regions = [...new Set(plan.graph.resources.flatMap(({ region }) => region ?? []))];
      for (const { urn, type, region, inputs } of plan.graph.resources) {
        for (const other of regions.filter((name) => name !== region)) {
          if (region === undefined || crossRegion.has(type) || exchange.test(urn)) continue;
          for (const text of texts(inputs).map((each) => each.replace(namedElsewhere, ""))) {
            assert.ok(!new RegExp(`arn:aws:[^"\\s]*:${other}:|\\.${other}\\.amazonaws`).test(text), `${urn}: ${text}`);
          }
        }
      }
    });
  });
}

const applicationType = "aws:elasticbeanstalk/application:Application";
const environmentType = "aws:elasticbeanstalk/environment:Environment";

/**
 * The issuer of tokens is in the primary region for all; verifying a token calls nobody. A distribution has a certificate of
 * us-east-1 and origins in each region.
 */
const crossRegion = new Set([
  "aws:apigatewayv2/authorizer:Authorizer",
  "aws:cloudfront/distribution:Distribution",
  // The web app is told the issuer, in each region.
  "aws:s3/bucketObjectv2:BucketObjectv2",
]);
/** Subscribes the queue of each region to the topics of the other. */
const exchange = /platform:live:ChangeExchange\$/;
/**
 * What other regions have and all name: keys of exact routes are claimed in one region (docs/idempotency.md), queues of live
 * changes admit the topics of the other, and functions that verify tokens know their issuer.
 */
const namedElsewhere =
  /arn:aws:dynamodb:[\w-]+:\d+:table\/[\w-]+-shipping-idempotency-keys-\w+|arn:aws:sns:[\w-]+:\d+:[\w-]+-changes-topic-\*|https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com\/[\w-]+/g;
