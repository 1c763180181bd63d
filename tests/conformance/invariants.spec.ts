import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { boundedName, nameLimits, type ResourceKind } from "../../infra/naming/names";
import { declaredInputs } from "./declarations";
import { configOf, environments, planned, regionTagsOf } from "./plans";

const ofAws = ({ type }: PlannedResource) => /^awsx?:/.test(type);
const isStack = ({ type }: PlannedResource) => type === "pulumi:pulumi:Stack";
const isProvider = ({ type }: PlannedResource) => type === "pulumi:providers:aws";
/** The web app's hosting: what is of CloudFront is in us-east-1, and it owns the buckets of both regions. */
const isSite = ({ type }: PlannedResource) => type === "platform:web:WebSite";
/** Subscriptions to changes across regions: the stack of the later region makes those of both. */
const isExchange = ({ type }: PlannedResource) => type === "platform:live:ChangeExchange";
const isCell = ({ type }: PlannedResource) => type === "platform:region:RegionCell";

/** A resource's parents, nearest first. */
function ancestors(plan: GraphIndex, resource: PlannedResource): PlannedResource[] {
  const parent = resource.parent === undefined ? undefined : plan.urn(resource.parent);
  return parent === undefined ? [] : [parent, ...ancestors(plan, parent)];
}

const cellOf = (plan: GraphIndex, resource: PlannedResource) => ancestors(plan, resource).find(isCell);

/** Roles whose names are cut when they are long, and what AWS limits them as. */
const boundedRoles: Record<string, [role: string, thing: ResourceKind]> = {
  "aws:elasticbeanstalk/environment:Environment": ["env", "beanstalkEnvironment"],
  "aws:lb/loadBalancer:LoadBalancer": ["alb", "loadBalancer"],
  "aws:lb/targetGroup:TargetGroup": ["targets", "targetGroup"],
};

/** Components that have the name of what is the main part of them: a pattern, a function, a queue, the first stage of an API. */
const namesakes = new Set([
  "platform:compute:ServiceScope",
  "platform:messaging:ChangeTopic",
  "platform:messaging:DeliveryQueue",
  "platform:functions:PlatformFunction",
  "platform:gateway:RestApi",
]);

/** Provider's suffix on a logical name. */
const suffixLength = 8;

/** The tags of a resource as a plain map; an Auto Scaling group lists them, and must hand each on to its instances. */
function tagsOf({ type, name, inputs }: PlannedResource): Record<string, string> {
  const tags = inputs["tags"] ?? {};
  if (type !== "aws:autoscaling/group:Group") return tags;
  for (const { key, propagateAtLaunch } of tags) assert.equal(propagateAtLaunch, true, `${name} ${key}`);
  return Object.fromEntries(tags.map(({ key, value }: any) => [key, value]));
}

for (const environment of environments) {
  describe(`every resource of ${environment}`, () => {
    let plan: GraphIndex;
    let resources: readonly PlannedResource[];
    before(async () => {
      plan = await planned(environment);
      resources = plan.graph.resources;
    });

    it("has a parent, and only cells and providers are directly below the stack", () => {
      const stack = resources.filter(isStack);
      assert.equal(stack.length, 1);
      for (const resource of resources) {
        if (isStack(resource)) continue;
        const [parent] = ancestors(plan, resource);
        assert.ok(parent, `${resource.urn} has no parent in the plan`);
        assert.equal(parent === stack[0], isCell(resource) || isProvider(resource), resource.urn);
      }
    });

    it("is named after its parent, cut only where AWS allows few characters", () => {
      for (const resource of resources) {
        const [parent] = ancestors(plan, resource);
        if (parent === undefined || isStack(parent)) continue;
        if (resource.name.startsWith(`${parent.name}-`)) continue;
        if (namesakes.has(parent.type) && resource.name === parent.name) continue;
        // Named after the service whose changes it publishes.
        if (resource.type === "platform:messaging:ChangeTopic") continue;
        // The API that may invoke a function is in the permission's name.
        if (parent.type === "platform:functions:PlatformFunction" && /lambda.permission/.test(resource.type)) continue;
        const [role, thing] = boundedRoles[resource.type] ?? assert.fail(`${resource.name} is below ${parent.name}`);
        assert.equal(resource.name, boundedName(`${parent.name}-${role}`, nameLimits[thing] - suffixLength));
      }
    });

    it("is in the region of its cell, by that cell's own provider", () => {
      let checked = 0;
      for (const resource of resources.filter(ofAws)) {
        if (ancestors(plan, resource).some((each) => isSite(each) || isExchange(each))) continue;
        const cell = cellOf(plan, resource);
        assert.ok(cell, `${resource.urn} is in no region`);
        const provider = plan.urn(resource.provider ?? "");
        assert.equal(provider?.name, `${cell.name}-aws`, resource.urn);
        assert.equal(provider?.inputs["region"], cell.name);
        assert.equal(resource.region, cell.name, resource.urn);
        checked += 1;
      }
      assert.ok(checked > 150);
    });

    it("is, of changes that regions exchange, a subscription in the region of its topic", () => {
      const exchanged = resources.filter((each) => ofAws(each) && ancestors(plan, each).some(isExchange));
      for (const { type, urn, region, inputs } of exchanged) {
        assert.equal(type, "aws:sns/topicSubscription:TopicSubscription", urn);
        assert.equal(plan.arn(inputs["topic"])?.region, region, urn);
        assert.notEqual(plan.arn(inputs["endpoint"])!.region, region, urn);
      }
      const topics = plan.ofType("aws:sns/topic:Topic").filter(({ name }) => /-changes-topic$/.test(name));
      assert.ok(topics.length > 1);
      assert.equal(exchanged.length, environment === "prod" && configOf("prod").live ? topics.length : 0);
    });

    it("is, of the web app, in its cell's region, in that of its bucket or in CloudFront's", () => {
      const regions = new Set<string>();
      for (const resource of resources.filter(ofAws)) {
        const parents = ancestors(plan, resource);
        if (!parents.some(isSite)) continue;
        const bucket = parents.find(({ type }) => type === "platform:core:PrivateBucket");
        const global = /acm|logDeliver|logGroup|metricAlarm|sns|kms|-tls-/.test(`${resource.type} ${resource.name}`);
        const own = global ? "us-east-1" : cellOf(plan, resource)!.name;
        assert.equal(
          resource.region,
          bucket?.name.replace(`${cellOf(plan, resource)!.name}-web-`, "") ?? own,
          resource.urn,
        );
        regions.add(resource.region!);
      }
      assert.equal(regions.size, environment === "prod" ? 3 : 2);
    });

    it("is tagged with project, environment, region and maker wherever its declarations have tags", () => {
      const taggable = resources.filter(({ type }) => /^awsx?:/.test(type) && declaredInputs(type).has("tags"));
      assert.ok(taggable.length > 80);
      for (const resource of taggable) {
        // A display name and the release of an image are the resource's own.
        const { Name: _, "image-release": __, ...tags } = tagsOf(resource);
        assert.deepEqual(tags, expectedTags(resource), resource.urn);
      }
    });

    it("has volumes and interfaces tagged as its template is", () => {
      const templates = plan.ofType("aws:ec2/launchTemplate:LaunchTemplate");
      assert.ok(templates.length > 0);
      for (const template of templates) {
        const tags = { ...expectedTags(template), "image-release": template.inputs["tags"]["image-release"] };
        assert.match(tags["image-release"], /^2023\./);
        assert.deepEqual(template.inputs["tagSpecifications"], [
          { resourceType: "volume", tags },
          { resourceType: "network-interface", tags },
        ]);
      }
    });

    /** The region's, and below the component of a service that service's name. */
    function expectedTags(resource: PlannedResource): Record<string, string> {
      const parents = ancestors(plan, resource);
      const cell = parents.find(isCell)!;
      const service = parents.findLast(({ type }) => type.startsWith("platform:compute:"));
      return {
        ...regionTagsOf(environment, cell.name),
        ...(service === undefined ? {} : { service: service.name.slice(`${cell.name}-`.length) }),
      };
    }

    it("knows all of its inputs", () => {
      for (const { urn, inputs } of resources) assert.ok(!JSON.stringify(inputs).includes("[unknown]"), urn);
      assert.ok(!JSON.stringify(plan.graph.outputs).includes("[unknown]"));
    });
  });
}
