import assert from "node:assert/strict";
import { eventHandler } from "../../apps/kit/lambda";
import { harness, samples } from "./helpers/services";

const sample = samples.find(({ name }) => name === "pet-store")!;
const run = (path: string, method = "POST") => ({ schedule: { id: "record-list", method, path, run: "run-1" } });

describe("a function that a schedule invokes", () => {
  it("gets the schedule's request, with the id of the run", async () => {
    const { app, lines, objects } = harness(sample);
    assert.deepEqual(await eventHandler(app)(run("/pet-store/records")), { status: 200 });
    assert.ok(objects.documents.has("lists/records.json"));
    const { requestId, route } = JSON.parse(lines[0]!) as Record<string, unknown>;
    assert.deepEqual([requestId, route], ["run-1", "/pet-store/records"]);
  });

  it("fails when the request is not answered with 2xx, so that Lambda runs it again", async () => {
    const handler = eventHandler(harness(sample).app);
    await assert.rejects(handler(run("/pet-store/none")), {
      message: "schedule record-list: POST /pet-store/none must answer 2xx, got 404",
    });
  });

  it("takes what a gateway sends for a client's request, whatever the client wrote in it", async () => {
    const requestContext = { stage: "$default", http: { method: "GET" } };
    const event = { ...run("/pet-store/records"), version: "2.0", rawPath: "/pet-store/none", requestContext };
    const answer = (await eventHandler(harness(sample).app)(event)) as { statusCode: number };
    assert.equal(answer.statusCode, 404);
  });
});
