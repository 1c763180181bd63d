import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import type { RuleConfig } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { graphOf } from "./helpers";

/** Findings on a server whose tags are given, one sentence each. */
async function found(tags: Record<string, string>, config: RuleConfig = {}, type = "launchTemplate:LaunchTemplate") {
  const findings = await evaluate(graphOf({ server: [`aws:ec2/${type}`, { tags }] }), {
    rules: rules.filter(({ name }) => name === "image-release-age"),
    configOf: (rule) => (rule === "image-release-age" ? config : {}),
  });
  return findings.map(({ level, message }) => `${level}: ${message}`);
}

const release = { "image-release": "2023.12.20261012.0" };

describe("policy: the age of an image release", () => {
  it("is 90 days on the last day without advice, and over them on the next", async () => {
    assert.deepEqual(await found(release, { today: "2027-01-10" }), []);
    assert.deepEqual(await found(release, { today: "2027-01-11" }), [
      'advisory: EC2 launch template "server" must start from an image release of the last 90 days, got "2023.12.20261012.0"; test and name a newer release',
    ]);
  });

  it("is counted to the day the pack runs, where no day is configured", async () => {
    const daysAgo = (days: number) =>
      new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
    assert.deepEqual(await found({ "image-release": `2023.12.${daysAgo(80)}.0` }), []);
    assert.equal((await found({ "image-release": `2023.12.${daysAgo(100)}.0` })).length, 1);
  });

  it("is read from a tag of one's own, with a limit of one's own, on instances too", async () => {
    const config = { today: "2026-11-26", tag: "image", days: 30 };
    const [message] = await found({ image: "eks-v20261012" }, config, "instance:Instance");
    assert.match(message!, /^advisory: EC2 instance "server" must start .* of the last 30 days, got "eks-v20261012";/);
  });

  it("is not known without a tag, or with one that has no date", async () => {
    for (const tags of [{} as Record<string, string>, { "image-release": "newest" }, { "image-release": "20269912" }]) {
      assert.deepEqual(await found(tags, { today: "2099-01-01" }), []);
    }
  });

  it("cannot be told on a day that is none", async () => {
    await assert.rejects(
      found(release, { today: "tomorrow" }),
      /rule "image-release-age": today must be a day as YYYY-MM-DD, got "tomorrow"/,
    );
  });
});
