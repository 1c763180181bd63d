import assert from "node:assert/strict";
import { expectedHere, expectedOf } from "../../cli/verify/expected";
import { GraphIndex } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { standingCosts } from "../../graph/summary/standing-costs";
import { renderSummary } from "../../graph/summary/summary";
import { hasMandatory } from "../../policy/check/finding";
import { changedValues } from "../helpers/configuration";

const withRest = (leaveOut: readonly string[]) =>
  changedValues("dev", (config) => {
    config.leaveOut = leaveOut;
    config.gateways.rest = {
      services: ["food-store"],
      domain: "tenants.dev.example.com",
      cache: { gigabytes: 1.6, seconds: 60 },
      waf: { requestsPerFiveMinutes: 1000 },
    };
  });

const parts = (index: GraphIndex) => ({
  private: index.graph.resources.some(({ name }) => name === "eu-west-1-network-endpoints-execute-api"),
  cache: index.ofType("aws:apigateway/stage:Stage").some(({ inputs }) => inputs["cacheClusterEnabled"] === true),
  waf: index.ofType("aws:wafv2/webAcl:WebAcl").length > 0,
});

describe("parts that an environment leaves out for their cost", () => {
  it("are planned unless leaveOut names them", async () => {
    const planned = async (leaveOut: readonly string[]) =>
      parts(new GraphIndex(await planStack("dev", { config: withRest(leaveOut) })));
    assert.deepEqual(await planned([]), { private: true, cache: true, waf: true });
    assert.deepEqual(await planned(["private"]), { private: false, cache: true, waf: true });
    assert.deepEqual(await planned(["cache", "waf"]), { private: true, cache: false, waf: false });
  });

  it("are all planned for this machine, which says so", async () => {
    const config = withRest(["private", "cache", "waf"]);
    const graph = await planStack("dev", { config, everything: true });
    assert.deepEqual(graph.leftOut, ["private", "cache", "waf"]);
    assert.deepEqual(parts(new GraphIndex(graph)), { private: true, cache: true, waf: true });
    const { resources } = await planStack("dev", { config: withRest([]) });
    assert.deepEqual(graph.resources, resources);
  });

  it("leave an environment that the pack accepts, whose callers are told that there is no private API", async () => {
    const graph = await planStack("dev", { config: changedValues("dev", (config) => (config.leaveOut = ["private"])) });
    assert.equal(hasMandatory(await evaluate(graph, { configOf: readPolicyConfig("dev") })), false);
    const caller = graph.resources.filter(({ urn }) => urn.includes("price-calculator"));
    const values = caller.flatMap(({ inputs }) => (inputs["settings"] as any[]) ?? []);
    assert.equal(values.find(({ name }) => name === "PRIVATE_API_URL")?.value, "none");
    assert.deepEqual(
      caller.filter(({ inputs }) => /execute-api:Invoke/.test(String(inputs["policy"]))),
      [],
    );
  });

  it("are costs that the plan names, or says to be left out", async () => {
    const all = await planStack("dev", { config: withRest([]) });
    assert.deepEqual(
      standingCosts(all).map(({ part, counted, hourly }) => [part, counted, Number(hourly.toFixed(4))]),
      [
        ["private API", "2 endpoint zones", 0.02],
        ["REST API cache", "1 stage", 0.038],
        ["firewalls", "4 rules", 0.0123],
      ],
    );
    assert.match(renderSummary(all), /private API \$0\.02 \(2 endpoint zones\).*; about \$51 a month/);
    const none = renderSummary(await planStack("dev", { config: withRest(["private", "cache", "waf"]) }));
    assert.match(none, /left out by platform:leaveOut: private, cache, waf; npm start runs them/);
    assert.doesNotMatch(none, /by the hour/);
  });

  it("are not verified where they are left out, and are on this machine", () => {
    const config = changedValues("dev", (each) => (each.leaveOut = ["private"]));
    const callers = ({ services }: ReturnType<typeof expectedOf>) =>
      services.filter(({ cannotCall }) => cannotCall).map(({ name }) => name);
    assert.deepEqual(callers(expectedOf("dev", config)), ["price-calculator"]);
    assert.deepEqual(callers(expectedHere("dev")), []);
  });

  it("are named once each, among those that can be left out", async () => {
    const refused = (leaveOut: unknown) =>
      planStack("dev", { config: changedValues("dev", (config) => (config.leaveOut = leaveOut)) });
    await assert.rejects(refused(["nat"]), /platform:leaveOut\[0\] must be one of "?private"?/);
    await assert.rejects(refused(["waf", "waf"]), /platform:leaveOut\[1\] is listed twice/);
  });
});
