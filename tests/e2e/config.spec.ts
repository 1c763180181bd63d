import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { planStack } from "../../graph/plan";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { ofSamples } from "../helpers/samples";

describe("a change of dev's configuration", function () {
  this.timeout(60_000);
  let platform: RunningPlatform;
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));

  before(async () => {
    const { config } = readProject(projectRoot, "dev");
    const services = JSON.parse(config["platform:services"]!);
    services["food-store"].pattern = "lambda";
    services["pet-store"] = { pattern: "ecs", ecs: { ingress: "alb" } };
    services["price-calculator"].capacity = { peak: 2 };
    services.shipping.routes = {
      "get-shipment": { throttle: { rate: 1, burst: 2 } },
      "list-shipments": { enabled: false },
    };
    const graph = await planStack("dev", { config: { ...config, "platform:services": JSON.stringify(services) } });
    platform = await startPlatform({ graph, stateDir, log: () => {} });
  });

  after(async () => {
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function get(path: string) {
    const { statusCode, headers, body } = await request(`${platform.endpoints.global}${path}`);
    return { status: statusCode, text: await body.text(), server: headers["server"] };
  }

  it("of a throttle lets that many requests through, and other routes alone", async () => {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await get("/shipping/shipments/s-1")).status);
    assert.deepEqual(statuses, [404, 404, 429, 429]);
    assert.equal((await get("/shipping/healthz")).status, 200);
  });

  it("of a route takes it away", async () => {
    assert.deepEqual(await get("/shipping/shipments?destination=DE"), {
      status: 404,
      text: '{"message":"Not Found"}',
      server: undefined,
    });
  });

  it("of the peak runs as many servers as survive a lost zone", () => {
    const { workloads } = platform.state();
    const calculator = workloads.find(({ service }) => service === "price-calculator")!;
    assert.equal(calculator.desired, 4);
    assert.deepEqual(calculator.servers.map(({ zone }) => zone).sort(), [
      "eu-west-1a",
      "eu-west-1a",
      "eu-west-1b",
      "eu-west-1b",
    ]);
  });

  it("of the pattern and the ingress keeps every URL", async () => {
    const patterns = Object.fromEntries(platform.state().workloads.map(({ service, pattern }) => [service, pattern]));
    assert.deepEqual(ofSamples(patterns), {
      "food-store": "lambda",
      "pet-store": "ecs",
      "price-calculator": "beanstalk",
      shipping: "ec2",
    });
    for (const path of ["/food-store/foods/none", "/pet-store/pets/none"]) {
      const { status, text } = await get(path);
      assert.equal(status, 404);
      assert.match(text, /"code":"not_found"/);
    }
  });
});
