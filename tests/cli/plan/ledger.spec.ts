import assert from "node:assert/strict";
import { main } from "../../../cli/main";
import { printLedger } from "../../../cli/plan/ledger";
import { planStack } from "../../../graph/plan";
import { planned } from "../../conformance/plans";
import { Editor } from "../../graph/ledger/plant";
import { changedValues } from "../../helpers/configuration";

/** Runs what prints, and returns the text and the exit code that it sets. */
async function printed(work: () => Promise<void>): Promise<{ text: string; code: unknown }> {
  const { write } = process.stdout;
  const before = process.exitCode;
  const chunks: string[] = [];
  process.stdout.write = ((chunk: unknown, done?: (error?: Error) => void) => {
    chunks.push(String(chunk));
    done?.();
    return true;
  }) as typeof write;
  try {
    process.exitCode = 0;
    await work();
    return { text: chunks.join(""), code: process.exitCode };
  } finally {
    process.stdout.write = write;
    process.exitCode = before;
  }
}

describe("npm run plan -- <stack> --ledger", () => {
  it("prints the table, or one JSON document with what is outside the region, and never fails by itself", async () => {
    const { graph } = await planned("dev");
    const table = await printed(() => printLedger(graph, {}));
    assert.match(table.text, /^dev needs \d+ calls of services, by purpose and region\n\nto +service +call/);
    assert.equal(table.code, 0);
    const { text, code } = await printed(() => printLedger(graph, { json: true }));
    const document = JSON.parse(text);
    assert.deepEqual(Object.keys(document), ["stack", "entries", "unknownTypes", "outside", "passed"]);
    assert.deepEqual([document.stack, document.passed, code], ["dev", true, 0]);
    assert.ok(document.outside.every(({ accepted }: { accepted: string }) => accepted.length > 0));
  });

  it("passes the gate for dev and prod, and fails it when a service asks us-east-1", async () => {
    for (const environment of ["dev", "prod"] as const) {
      const { graph } = await planned(environment);
      assert.equal((await printed(() => printLedger(graph, { gate: true }))).code, 0);
    }
    const editor = new Editor((await planned("prod")).graph);
    editor.taskVariable("eu-west-1-food-store-task", "QUEUE", "https://sqs.us-east-1.amazonaws.com/123456789012/q");
    for (const json of [false, true]) {
      const { text, code } = await printed(() => printLedger(editor.done(), { gate: true, json }));
      assert.equal(code, 1);
      assert.match(text, /Amazon SQS/);
    }
  });

  it("needs --ledger for --gate, and refuses it with another output", async () => {
    for (const [options, message] of [
      [["--gate"], /--gate needs --ledger/],
      [["--ledger", "--tree"], /cannot be used with option/],
    ] as const) {
      const { write } = process.stderr;
      const chunks: string[] = [];
      process.stderr.write = ((chunk: unknown) => chunks.push(String(chunk)) > 0) as typeof write;
      const before = process.exitCode;
      try {
        process.exitCode = 0;
        await main(["node", "platform", "plan", "dev", ...options]);
        assert.equal(process.exitCode, 2);
      } finally {
        process.stderr.write = write;
        process.exitCode = before;
      }
      assert.match(chunks.join(""), message);
    }
  });

  it("takes reasons of one line by host, or by service and place", async () => {
    const plan = (outside: Record<string, string>) =>
      planStack("dev", { config: changedValues("dev", (config) => (config.outside = outside)) });
    await plan({ "Amazon SQS in us-east-1": "Orders of the old shop wait there." });
    await assert.rejects(plan({ "https://x.example.com/": "A reason of some length" }), /platform:outside/);
    await assert.rejects(plan({ "x.example.com": "because" }), /platform:outside.* must be one line of 10 to 300/);
  });
});
