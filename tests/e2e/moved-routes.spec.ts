import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { sideOf } from "../../apps/kit/legacy-share";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { replanned } from "../conformance/plans";
import { ExistingGateway } from "./helpers/existing-gateway";

const legacy = new ExistingGateway();

/** Runs dev with get-rates answered by a side, and shipping under a pattern. */
async function withRoute(to: unknown, pattern: string, check: (ask: Ask, lines: string[]) => Promise<void>) {
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  const lines: string[] = [];
  let platform: RunningPlatform | undefined;
  const origin = await legacy.start();
  try {
    const { graph } = await replanned("dev", (config) => {
      config.services.shipping.pattern = pattern;
      config.services.shipping.routes = { "get-rates": { to } };
    });
    platform = await startPlatform({
      graph,
      stateDir: state,
      log: (source, line) => lines.push(`${source} ${line}`),
      legacyOrigins: { "https://legacy.example.com": origin },
    });
    const { http } = platform.endpoints.regions["eu-west-1"]!;
    await check(async () => {
      const answer = await request(`${http}/shipping/rates`, { headers: { host: "api.dev.example.com" } });
      const { "x-answered-by": side, "apigw-requestid": requestId } = answer.headers;
      return { status: answer.statusCode, json: (await answer.body.json()) as any, side, requestId: String(requestId) };
    }, lines);
  } finally {
    await platform?.stop();
    await legacy.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

type Ask = () => Promise<{ status: number; json: any; side: unknown; requestId: string }>;

describe("a legacy route on this machine", function () {
  this.timeout(120_000);

  it("is answered by the endpoint, and by one word by the service", async () => {
    await withRoute("legacy", "ec2", async (ask) => assert.deepEqual((await ask()).json, { legacy: true }));
    await withRoute("service", "ec2", async (ask) => assert.equal((await ask()).json.currency, "EUR"));
  });

  // All requests come from one address, whose side is known: below its place it is the endpoint's, above the service's.
  const percents = Array.from({ length: 99 }, (_, i) => i + 1);
  const first = percents.find((percent) => sideOf("get-rates", "127.0.0.1", percent) === "service")!;

  for (const pattern of ["ec2", "lambda"]) {
    it(`is answered by the side of its caller by weight under ${pattern}, and the log says by which`, async () => {
      for (const [percent, side] of [
        [first - 1, "legacy"],
        [first, "service"],
      ] as const) {
        await withRoute({ service: percent }, pattern, async (ask, lines) => {
          for (let i = 0; i < 5; i++) {
            const { status, json, side: answeredBy, requestId } = await ask();
            assert.deepEqual([status, answeredBy, json.legacy === true], [200, side, side === "legacy"]);
            await logged(lines, requestId, side);
          }
        });
      }
    });
  }
});

/** Waits for the line about a request in the log of the service. */
async function logged(lines: readonly string[], requestId: string, side: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (lines.some((line) => line.includes(requestId) && line.includes(`"answeredBy":"${side}"`))) return;
    await sleep(20);
  }
  assert.fail(`no line of ${requestId} says ${side}`);
}
