import assert from "node:assert/strict";
import { errors, stepsInOrder } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

/** Steps of an `up` in the order in which they began, without the region and components. */
function steps(result: Awaited<ReturnType<typeof operate>>): string[] {
  assert.deepEqual([result.code, errors(result.events)], [0, []]);
  return stepsInOrder(result.events)
    .filter((line) => / aws:/.test(line))
    .map((line) => line.replaceAll("eu-west-1-", "").replaceAll(/aws:[^/ ]+\/[^: ]+:/g, ""));
}

/** Returns the steps without those that publish other documents of the API, which must be among them. */
function withoutDocuments(done: readonly string[]): string[] {
  const published = ["update Function reference-function", "update Alias reference-function-alias"];
  assert.deepEqual(
    done.filter((line) => line.includes(" reference-function")),
    published,
  );
  return done.filter((line) => !published.includes(line));
}

describe("dev with a REST API and tenants under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    project.configure("dev", (config) => {
      config["platform:gateways"] = { rest: { stages: ["v2"], waf: { requestsPerFiveMinutes: 1_000 } } };
      delete config["platform:live"]; // a connection has no tenant
      config["platform:tenants"] = { tiers: { free: { rate: 2, burst: 4 }, premium: { rate: 100, burst: 200 } } };
    });
    await deployed(project, "dev");
  });
  after(() => project?.close());

  async function changed(change: (config: any) => void): Promise<string[]> {
    project.configure("dev", change);
    return steps(await operate(project, "up", "dev"));
  }

  it("changes nothing the second time", () => staysAsItIs(project, "dev", 1));

  it("changes one usage plan when a tier's limit changes", async () => {
    const done = await changed((config) => {
      config["platform:tenants"].tiers.free.rate = 3;
    });
    assert.deepEqual(done, ["update UsagePlan plans-free"]);
  });

  it("makes one usage plan for a new tier, and takes it away with the tier", async () => {
    const added = await changed((config) => {
      config["platform:tenants"].tiers.trial = { rate: 1, burst: 1 };
    });
    // What tells tenants their use may read the plans that there are.
    const policy = "update RolePolicy tenant-usage-plans-policy";
    assert.deepEqual(added, ["create UsagePlan plans-trial", policy]);
    const removed = await changed((config) => {
      delete config["platform:tenants"].tiers.trial;
    });
    assert.deepEqual(removed, [policy, "delete UsagePlan plans-trial"]);
  });

  /** Both stages move to the new deployment before the old one goes. */
  function assertDeployed(done: readonly string[]): void {
    const deployment = done.filter((line) => / (RestApi|Deployment|Stage) rest-/.test(line));
    assert.deepEqual(
      [...deployment.slice(0, 3), ...deployment.slice(3, 5).sort(), ...deployment.slice(5)],
      [
        "update RestApi rest-api",
        "create-replacement Deployment rest-deployment",
        "replace Deployment rest-deployment",
        "update Stage rest-stage",
        "update Stage rest-v2-stage",
        "delete-replaced Deployment rest-deployment",
      ],
    );
  }
  const notDeployed = (done: readonly string[]) =>
    done.filter((line) => !/ (RestApi|Deployment|Stage) rest-/.test(line));

  it("deploys the document without a route in one go, and moves the stages before the old deployment goes", async () => {
    const done = await changed((config) => {
      config["platform:services"]["shipping"].routes = { "list-shipments": { enabled: false } };
    });
    assertDeployed(done);
    assert.deepEqual(
      notDeployed(done)
        .filter((line) => / (rest|authorizer)\b/.test(line))
        .sort(),
      [
        "delete MethodSettings rest-shipping-list-shipments-settings",
        "delete MethodSettings rest-v2-shipping-list-shipments-settings",
        // Scopes open one route less.
        "update Alias authorizer-alias",
        "update Function authorizer",
      ],
    );
  });

  it("deploys the document with another model, the service that validates by it, and the service that calls it", async () => {
    project.edit("apps/food-store/contract.ts", "brand: text(80).optional()", "brand: text(81).optional()");
    const done = withoutDocuments(await changed(() => {}));
    assertDeployed(done);
    const [own, callers] = [/ food-store-/, / price-calculator-/].map((service) =>
      notDeployed(done).filter((line) => service.test(line)),
    ) as [string[], string[]];
    assert.equal(notDeployed(done).length, own.length + callers.length, done.join("\n"));
    assert.deepEqual(own, [
      "create-replacement TaskDefinition food-store-task",
      "replace TaskDefinition food-store-task",
      "update Service food-store-service",
      "delete-replaced TaskDefinition food-store-task",
    ]);
    // A caller is built with the contract of what it calls.
    assert.deepEqual(callers.sort(), [
      "create-replacement ApplicationVersion price-calculator-version",
      "create-replacement BucketObjectv2 price-calculator-artifact",
      "delete-replaced ApplicationVersion price-calculator-version",
      "delete-replaced BucketObjectv2 price-calculator-artifact",
      "replace ApplicationVersion price-calculator-version",
      "replace BucketObjectv2 price-calculator-artifact",
      "update Environment price-calculator-env",
    ]);
  });

  it("changes the firewall alone when its limit changes", async () => {
    const done = await changed((config) => {
      config["platform:gateways"].rest.waf.requestsPerFiveMinutes = 2_000;
    });
    assert.deepEqual(done, ["update WebAcl rest-waf-acl"]);
  });

  it("takes a second stage away, with what is its own, after its usage plans have let go of it", async () => {
    // The documents name the stages' URLs.
    const done = withoutDocuments(
      await changed((config) => {
        config["platform:gateways"].rest.stages = undefined;
      }),
    );
    const [plans, own] = [done.slice(0, 2), done.slice(2)];
    assert.deepEqual(plans.sort(), ["update UsagePlan plans-free", "update UsagePlan plans-premium"]);
    const association = "delete WebAclAssociation rest-waf-stage-1";
    assert.deepEqual(
      own.filter((line) => !/^delete \w+ rest-(v2-|names-\w+-v2-)/.test(line)),
      [association],
    );
    const gone = own.indexOf("delete Stage rest-v2-stage");
    assert.ok(gone > own.indexOf(association) && gone > own.findLastIndex((line) => line.includes("ApiMapping")));
  });

  it("leaves nothing to do, after all of them", () => staysAsItIs(project, "dev", 1));

  it("keeps answers in a cache, whose size changes the stage alone, and a second up changes nothing", async () => {
    const cached = await changed((config) => {
      config["platform:gateways"].rest.cache = { gigabytes: 0.5, seconds: 60 };
    });
    // Keys of kept answers are in the document.
    assert.ok(cached.includes("update RestApi rest-api") && cached.includes("update Stage rest-stage"), cached.join());
    const larger = await changed((config) => {
      config["platform:gateways"].rest.cache = { gigabytes: 1.6, seconds: 60 };
    });
    assert.deepEqual(larger, ["update Stage rest-stage"]);
    await staysAsItIs(project, "dev", 1);
  });

  it("admits users of the pool in place of tenants, with nothing left of these, and a second up changes nothing", async () => {
    const done = await changed((config) => {
      config["platform:tenants"] = undefined;
    });
    for (const line of [
      "update RestApi rest-api",
      "delete UsagePlan plans-free",
      "delete Function authorizer",
      "delete Table tenant-usage-table",
    ]) {
      assert.ok(done.includes(line), `${line}: ${done.join()}`);
    }
    const urns = project.resources("dev").map(({ urn }) => urn);
    assert.ok(urns.some((urn) => urn.includes("aws:apigateway/restApi:RestApi")));
    assert.ok(!urns.some((urn) => urn.includes("aws:apigateway/usagePlan:UsagePlan")));
    await staysAsItIs(project, "dev", 1);
  });
});
