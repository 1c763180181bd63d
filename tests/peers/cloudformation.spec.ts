import assert from "node:assert/strict";
import type { Graph, PlannedResource } from "../../graph/model";
import { mostResources, nested } from "./cloudformation/nested";
import { mappings, renderCloudFormation, type Template } from "./cloudformation/render";
import { awsValidator } from "./judges";
import { planOf, renderingOf } from "./plans";

/** Keys are the user's; AWS takes any. */
const userMaps = [
  /(^|\.)tags$/,
  /^environment\.variables$/,
  /(^|\.)dimensions$/,
  /^requestParameters$/,
  /^responseParameters\.mappings$/,
];

const serious = (template: Pick<Template, "Resources">) =>
  nested(template)
    .flatMap(awsValidator)
    .filter(({ ruleId }) => /^[FE]|^W9003/.test(ruleId))
    .map(({ ruleId, entity, propertyPath, message }) => `${ruleId} ${entity?.logicalId} ${propertyPath}: ${message}`);

const resourceOf = (templates: readonly Template[], region: string, id: string) =>
  templates.find((template) => template.region === region)?.Resources[id];

describe("the CloudFormation rendering", () => {
  for (const environment of ["dev", "prod"] as const) {
    it(`has a counterpart, or a reason for none, for every type and property of ${environment}`, async () => {
      assert.deepEqual((await renderingOf(environment)).problems, []);
    });

    it(`of ${environment} is what AWS's own schemas and template rules accept`, async () => {
      const { templates } = await renderingOf(environment);
      assert.deepEqual(templates.flatMap(serious), []);
    }).timeout(60_000);
  }

  it("has one template per region, with more in the region that holds what is global", async () => {
    const { templates } = await renderingOf("prod");
    const counts = templates.map(({ region, Resources }) => [region, Object.keys(Resources).length] as const);
    assert.deepEqual(
      counts.map(([region]) => region),
      // What belongs to CloudFront is in us-east-1.
      ["eu-central-1", "eu-west-1", "us-east-1"],
    );
    assert.ok(counts[1]![1] > counts[0]![1] && counts[0]![1] > 150, JSON.stringify(counts));
  });

  it("is divided where a template of CloudFormation would have too many resources, without losing one or a reference", () => {
    const count = mostResources + 1;
    const idOf = (at: number) => `Topic${at % count}`;
    const topic = (at: number) => ({
      Type: "AWS::SNS::Topic",
      Properties: { TopicName: { Ref: idOf(at + 1) }, KmsMasterKeyId: { "Fn::GetAtt": [idOf(at + 1), "TopicName"] } },
    });
    const Resources = Object.fromEntries(Array.from({ length: count }, (_, at) => [idOf(at), topic(at)]));
    const parts = nested({ Resources });
    assert.deepEqual(
      parts.map((part) => [Object.keys(part.Resources).length, Object.keys(part.Parameters ?? {})]),
      [
        [251, ["Topic251", "Topic251TopicName"]],
        [250, ["Topic0", "Topic0TopicName"]],
      ],
    );
    assert.deepEqual(parts[0]!.Resources["Topic0"], topic(0));
    assert.deepEqual(parts[0]!.Resources["Topic250"]!.Properties, {
      TopicName: { Ref: "Topic251" },
      KmsMasterKeyId: { Ref: "Topic251TopicName" },
    });
  });

  it("names a type that it does not know", async () => {
    const graph = await planOf("dev");
    const [resource] = graph.resources.filter(({ custom }) => custom);
    const strange = { ...resource!, type: "aws:mq/broker:Broker", inputs: {} };
    const { problems } = renderCloudFormation({ ...graph, resources: [strange] });
    assert.deepEqual(problems, [
      "aws:mq/broker:Broker has no CloudFormation counterpart; map it, or say why it has none, in tests/peers/cloudformation/types-*.ts",
    ]);
  });

  it("loses no property: one that nobody knows, at any depth of any type, is a problem or refused by AWS's schema", async () => {
    const { graph, planted } = plant(await planOf("prod"));
    const { templates, problems } = renderCloudFormation(graph);
    const refused = [...templates.flatMap(awsValidator).map(({ message }) => message), ...problems];
    const seen = new Set(refused.flatMap((text) => text.match(/strange\d+/gi) ?? []).map((name) => name.toLowerCase()));
    const lost = planted.filter(({ name }) => !seen.has(name)).map(({ path }) => path);
    assert.ok(planted.length > 150, String(planted.length));
    assert.deepEqual(lost, []);
  }).timeout(20_000);
});

/** Plants an unknown property into every object of one resource per type. */
function plant(graph: Graph): { graph: Graph; planted: { name: string; path: string }[] } {
  const planted: { name: string; path: string }[] = [];
  const done = new Set<string>();
  const into = (type: string, value: any, path: string): any => {
    if (Array.isArray(value)) return value.map((item) => into(type, item, path));
    if (typeof value !== "object" || value === null || userMaps.some((map) => map.test(path))) return value;
    if (path !== "" && isAbsent(type, path)) return value;
    const copy = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, into(type, item, path === "" ? key : `${path}.${key}`)]),
    );
    const name = `strange${planted.length}`;
    planted.push({ name, path: `${type} ${path}` });
    return { ...copy, [name]: "value" };
  };
  const resources = graph.resources.map((resource): PlannedResource => {
    const { type } = resource;
    const { kind } = mappings[type] ?? { kind: "absent" };
    if (kind === "absent" || done.has(type)) return resource;
    done.add(type);
    return { ...resource, inputs: into(type, resource.inputs, "") };
  });
  return { graph: { ...graph, resources }, planted };
}

function isAbsent(type: string, path: string): boolean {
  const mapping = mappings[type]!;
  if (!("fields" in mapping)) return false;
  return path.split(".").some((_, index, parts) => {
    const field = mapping.fields[parts.slice(0, index + 1).join(".")];
    return typeof field === "object" && field.kind === "absent";
  });
}

describe("resources that CloudFormation cuts otherwise", () => {
  const region = "eu-west-1";

  it("are joined: a bucket with its six helpers", async () => {
    const { templates } = await renderingOf("prod");
    const { Tags, ...properties } = resourceOf(templates, region, "EuWest1ArtifactsBucketS3Bucket")!.Properties;
    assert.equal(Tags.length, 4);
    assert.deepEqual(Object.keys(properties).sort(), [
      "BucketEncryption",
      "LifecycleConfiguration",
      "OwnershipControls",
      "PublicAccessBlockConfiguration",
      "VersioningConfiguration",
    ]);
    assert.deepEqual(properties["OwnershipControls"], { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] });
    assert.deepEqual(resourceOf(templates, region, "EuWest1ArtifactsPolicyS3BucketPolicy")!.Properties["Bucket"], {
      Ref: "EuWest1ArtifactsBucketS3Bucket",
    });
  });

  it("are joined: an alias with its warm capacity, a role with its policies", async () => {
    const { templates } = await renderingOf("prod");
    const alias = resourceOf(templates, region, "EuWest1PetStoreAliasLambdaAlias")!.Properties;
    assert.equal(alias["ProvisionedConcurrencyConfig"].ProvisionedConcurrentExecutions > 0, true);
    const role = resourceOf(templates, region, "EuWest1PriceCalculatorServiceRoleIamRole")!.Properties;
    assert.equal(role["ManagedPolicyArns"].length, 2);
    const task = resourceOf(templates, region, "EuWest1FoodStoreRoleIamRole")!.Properties;
    assert.equal(task["Policies"].length, 1);
  });

  it("become a global table where a table has replicas, its own region among them", async () => {
    const [prod, dev] = await Promise.all([renderingOf("prod"), renderingOf("dev")]);
    const id = "EuWest1DataFoodStoreDynamodbTable";
    const table = resourceOf(prod.templates, region, id)!;
    assert.equal(table.Type, "AWS::DynamoDB::GlobalTable");
    assert.deepEqual(
      table.Properties["Replicas"].map((replica: any) => [replica.Region, replica.DeletionProtectionEnabled]),
      [
        ["eu-west-1", true],
        ["eu-central-1", true],
      ],
    );
    assert.equal(resourceOf(dev.templates, region, id)!.Type, "AWS::DynamoDB::Table");
  });

  it("are taken apart: the VPC into subnets and routes, with a NAT gateway per zone in prod and one in dev", async () => {
    const [prod, dev] = await Promise.all([renderingOf("prod"), renderingOf("dev")]);
    const count = (templates: readonly Template[], type: string) =>
      Object.values(templates.find((template) => template.region === region)!.Resources).filter(
        ({ Type }) => Type === `AWS::EC2::${type}`,
      ).length;
    assert.deepEqual(
      [prod, dev].map(({ templates }) =>
        ["VPC", "Subnet", "RouteTable", "NatGateway", "Route"].map((type) => count(templates, type)),
      ),
      [
        [1, 9, 9, 3, 6],
        [1, 6, 6, 1, 4],
      ],
    );
    const route = (zone: string) => `EuWest1NetworkVpcPrivate${zone}Route`;
    assert.deepEqual(resourceOf(prod.templates, region, route("B"))!.Properties["NatGatewayId"], {
      Ref: "EuWest1NetworkVpcNatB",
    });
    assert.deepEqual(resourceOf(dev.templates, region, route("B"))!.Properties["NatGatewayId"], {
      Ref: "EuWest1NetworkVpcNatA",
    });
  });

  it("refer to each other within a region, and by value across regions", async () => {
    const { templates } = await renderingOf("prod");
    const flowLog = resourceOf(templates, region, "EuWest1NetworkFlowLogsLogEc2FlowLog");
    assert.deepEqual(flowLog?.Properties["ResourceId"], { Ref: "EuWest1NetworkVpc" });
    const far = Object.values(templates[0]!.Resources).find(({ Type }) => Type === "AWS::ApiGatewayV2::Authorizer");
    assert.match(far!.Properties["JwtConfiguration"].Issuer, /^https:\/\/cognito-idp\.eu-west-1\./);
  });
});
