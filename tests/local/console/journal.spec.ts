import assert from "node:assert/strict";
import { Journal } from "../../../local/console/journal";

describe("the console's lines", () => {
  it("tell what the platform reports from what servers and gateways log, and pass all of it on", () => {
    const passed: string[] = [];
    const journal = new Journal();
    const log = journal.keeping((source, line) => passed.push(`${source} ${line}`));
    log("route53", "a is healthy");
    log("food-store eu-west-1a", '{"msg":"listening"}');
    log("food-store eu-west-1a", "Warning: plain text of a server");
    log("food-store", "server 7 in eu-west-1a ended with code 1; a new one starts");
    assert.equal(passed.length, 4);
    assert.deepEqual(
      journal.events.after(0).map(({ source }) => source),
      ["route53", "food-store"],
    );
    assert.deepEqual(
      journal.lines.after(0).map(({ text }) => text),
      ['{"msg":"listening"}', "Warning: plain text of a server"],
    );
  });

  it("are limited in number and length, so that the oldest give way", () => {
    const journal = new Journal({ events: 3, lines: 3 });
    const log = journal.keeping(() => {});
    for (let i = 1; i <= 7; i++) log("a eu-west-1a", String(i));
    log("a eu-west-1a", "x".repeat(100_000));
    assert.deepEqual(
      journal.lines.after(0).map(({ text }) => text.slice(0, 2)),
      ["6", "7", "xx"],
    );
    assert.equal(journal.lines.after(7)[0]!.text.length, 2_000);
  });

  it("are found by text of the line or its source in any case, the latest first to come in, and before another one", () => {
    const journal = new Journal();
    const log = journal.keeping(() => {});
    for (const [source, text] of [
      ["food-store eu-west-1a", "One"],
      ["pet-store eu-west-1a", "two FOOD"],
      ["pet-store eu-west-1a", "three"],
      ["food-store eu-west-1b", "four"],
    ] as const)
      log(source, text);
    const found = (query: object) => journal.lines.search({ limit: 10, ...query }).map(({ text }) => text);
    assert.deepEqual(found({ text: "food" }), ["One", "two FOOD", "four"]);
    assert.deepEqual(found({ text: "food", limit: 2 }), ["two FOOD", "four"]);
    assert.deepEqual(found({ text: "food", before: 4 }), ["One", "two FOOD"]);
  });
});
