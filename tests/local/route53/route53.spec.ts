import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Route53 } from "../../../local/route53/route53";
import { TimeScale } from "../../../local/time-scale";
import { addNames, plan } from "../helpers/program";
import { until } from "../helpers/wait";

const api = "api.example.com";
/** How a gateway answers its probes in the place of 200. */
type Answer = (response: ServerResponse) => void;

/** Each of six checkers asks every 100 ms. */
const time = new TimeScale(100);

describe("Route 53", () => {
  const gateways = new Map<string, { server: Server; url: string; broken: string; seen: string[]; answer?: Answer }>();
  let route53: Route53 | undefined;

  beforeEach(async () => {
    for (const id of ["west", "central"]) {
      const gateway = { server: createServer(), url: "", broken: "", seen: [] as string[] };
      gateway.server.on("request", (request, response) => {
        gateway.seen.push(request.url!);
        response.statusCode = request.url === gateway.broken ? 503 : 200;
        const { answer } = gateways.get(id)!;
        if (answer === undefined) response.end();
        else answer(response);
      });
      await new Promise<void>((resolve) => gateway.server.listen(0, "127.0.0.1", resolve));
      gateway.url = `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`;
      gateways.set(id, gateway);
    }
  });

  afterEach(() => {
    route53?.stop();
    for (const { server } of gateways.values()) server.close();
  });

  async function twoRegions(): Promise<Route53> {
    const index = await plan(
      "",
      (region) => {
        const primary = region.name === "eu-west-1";
        addNames(region, primary ? "west" : "central", primary ? "PRIMARY" : "SECONDARY");
      },
      ["eu-west-1", "eu-central-1"],
    );
    route53 = new Route53(index, { time, gateway: (id) => gateways.get(id)?.url });
    return route53;
  }

  const regionOf = (from: Route53) => from.resolve(api).region;

  it("leads a name without failover to its region", async () => {
    const index = await plan("", (region) => addNames(region, "west"));
    const only = new Route53(index, { time, gateway: () => undefined });
    assert.equal(only.globalName, api);
    assert.deepEqual(only.resolve(api), { region: "eu-west-1", apiId: "west" });
    assert.throws(() => only.resolve("other.example.com"), /no planned alias record has the name other\.example\.com/);
  });

  it("answers with the primary before any check has run", async () => {
    const names = await twoRegions();
    assert.equal(names.globalName, api);
    assert.equal(regionOf(names), "eu-west-1");
    assert.equal(names.resolve("eu-central-1.api.example.com").region, "eu-central-1");
  });

  it("fails over after as many failures of one service as planned, and back after as many passes", async () => {
    const names = await twoRegions();
    names.start();
    const west = gateways.get("west")!;
    await until("checked", () => west.seen.length >= 24);
    assert.deepEqual([...new Set(west.seen)].sort(), ["/a/healthz", "/b/healthz"]);
    assert.equal(regionOf(names), "eu-west-1");
    let before = 0;
    west.answer = (response) => {
      if (west.seen.at(-1) === west.broken && regionOf(names) === "eu-west-1") before++;
      response.end();
    };
    west.broken = "/b/healthz";
    await until("failed over", () => regionOf(names) === "eu-central-1");
    // Five of six checkers have counted three failures each; the others may have counted more.
    assert.ok(before >= 15 && before <= 24, `${before} failures`);
    west.broken = "";
    await until("failed back", () => regionOf(names) === "eu-west-1");
  });

  it("fails over when a region does not answer at all", async () => {
    const names = await twoRegions();
    names.start();
    gateways.get("west")!.server.close();
    gateways.get("west")!.server.closeAllConnections();
    await until("failed over", () => regionOf(names) === "eu-central-1");
  });

  it("answers with the primary when both regions are unhealthy", async () => {
    const names = await twoRegions();
    names.start();
    for (const gateway of gateways.values()) gateway.broken = "/a/healthz";
    await until("all unhealthy", () => [...names.checks.values()].filter(({ healthy }) => !healthy).length === 4);
    assert.equal(regionOf(names), "eu-west-1");
  });

  /** Seconds that a checker waits are 250 ms here. */
  const slow: Answer = (response) => setTimeout(() => response.end(), 400);
  const failing: Answer = (response) => response.writeHead(503).end();
  /** Fails during every third interval, so that each checker has one failure after two passes. */
  const flapping = (): Answer => (response) =>
    response.writeHead(Math.floor(Date.now() / time.ms(10)) % 3 === 0 ? 503 : 200).end();

  it("leaves a region whose probe is too slow, and the primary answers when that of both is", async () => {
    const names = await twoRegions();
    gateways.get("west")!.answer = slow;
    names.start();
    await until("failed over", () => regionOf(names) === "eu-central-1");
    gateways.get("central")!.answer = slow;
    await until("both", () => [...names.checks.values()].filter(({ healthy }) => !healthy).length === 6);
    assert.equal(regionOf(names), "eu-west-1");
  });

  it("is not moved by a probe that flaps below the threshold", async () => {
    const names = await twoRegions();
    gateways.get("west")!.answer = flapping();
    const seen = gateways.get("west")!.seen;
    names.start();
    const regions = new Set<string>();
    await until("ten probes of each checker", () => {
      regions.add(regionOf(names));
      return seen.length >= 120;
    });
    assert.deepEqual([...regions], ["eu-west-1"]);
  });

  it("answers every name at every moment, however probes fail, hang and flap", async () => {
    const names = await twoRegions();
    names.start();
    const kinds = [failing, slow, flapping(), undefined];
    for (const [west, central] of kinds.flatMap((one) => kinds.map((other) => [one, other] as const))) {
      for (const [id, answer] of [
        ["west", west],
        ["central", central],
      ] as const) {
        const gateway = gateways.get(id)!;
        if (answer === undefined) delete gateway.answer;
        else gateway.answer = answer;
      }
      const end = Date.now() + 60;
      while (Date.now() < end) {
        for (const name of [api, "eu-west-1.api.example.com", "eu-central-1.api.example.com"]) {
          const { region, apiId } = names.resolve(name);
          assert.deepEqual([region !== "", apiId !== ""], [true, true]);
          if (name !== api) assert.equal(`${region}.${api}`, name);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  });

  it("refuses records and checks whose rules it does not have", async () => {
    const index = await plan("", (region) => addNames(region, "west", "PRIMARY"));
    const change = (type: string, outputs: object) => {
      const graph = index.graph;
      const resources = graph.resources.map((each) =>
        each.type.endsWith(type) ? { ...each, outputs: { ...each.outputs, ...outputs } } : each,
      );
      return new (index.constructor as any)({ ...graph, resources });
    };
    const read = (changed: any) => () => new Route53(changed, { time, gateway: () => undefined });
    assert.throws(
      read(change(":HealthCheck", { type: "TCP" })),
      /type must be "HTTP" or "HTTPS" or "CALCULATED" to run .* got "TCP"/,
    );
    assert.throws(
      read(change(":HealthCheck", { fqdn: "x.example.com" })),
      /no planned alias record .* has the name x\.example\.com/,
    );
    assert.throws(read(change(":Record", { weightedRoutingPolicies: [{}] })), /weightedRoutingPolicies must be unset/);
  });
});
