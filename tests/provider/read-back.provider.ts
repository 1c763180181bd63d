import assert from "node:assert/strict";
import { planStack } from "../../graph/plan";
import { planAccount } from "../infra/account/fixture";
import type { Plugin } from "./client/plugin";
import { lacking, losses } from "./emulator/expected";
import { FORWARDED_HOST, startForwarder } from "./emulator/forwarder";
import { startEmulator } from "./emulator/moto";
import { type ReadBack, readBack } from "./emulator/read-back";
import { startProvider } from "./helpers";

const plans = {
  prod: () => planStack("prod"),
  account: async () => (await planAccount()).graph,
};

describe("what the real provider makes of prod and account in an emulator", () => {
  const started: { stop(): Promise<void> }[] = [];
  const results: ReadBack[] = [];

  before(async () => {
    const all = Object.entries(plans).map(async ([name, plan]) => {
      const plugin = await startWithEmulator();
      const startedAt = Date.now();
      const read = await readBack(await plan(), plugin);
      assert.equal(plugin.crash, undefined);
      const back = read.filter(({ failure }) => failure === undefined).length;
      console.log(
        `      ${name}: ${back} of ${read.length} read back, ${Math.round((Date.now() - startedAt) / 1000)} s`,
      );
      return read;
    });
    results.push(...(await Promise.all(all)).flat());
  });
  after(async () => {
    for (const each of started.reverse()) await each.stop();
  });

  /** An emulator of its own for each plan: account and prod stand in the same regions. */
  async function startWithEmulator(): Promise<Plugin> {
    const emulator = await startEmulator();
    started.push(emulator);
    const forwarder = await startForwarder(emulator.url);
    started.push(forwarder);
    const settings = { s3_use_path_style: true, skip_requesting_account_id: false, max_retries: 2 };
    const plugin = await startProvider(
      { ...settings, http_proxy: forwarder.url },
      { AWS_ENDPOINT_URL: FORWARDED_HOST },
    );
    started.push(plugin);
    return plugin;
  }

  const failed = () => results.filter(({ failure }) => failure !== undefined);
  const lost = () =>
    results.flatMap(({ resource, type, differences }) => differences.map((each) => ({ resource, type, ...each })));

  it("is created and read, but for what the emulator lacks", () => {
    const unanswered = failed().filter(({ type, failure }) => {
      return lacking.filter((each) => each.type === type && each.failure.test(failure!)).length !== 1;
    });
    assert.deepEqual(
      grouped(unanswered.map(({ type, failure, resource }) => [`${type}: ${failure}`, resource.name])),
      [],
    );
  });

  it("has every argument that was asked for, but for those that are known to be lost", () => {
    const unanswered = lost().filter(({ type, path }) => {
      return losses.filter((each) => each.type === type && each.argument === path).length !== 1;
    });
    const lines = unanswered.map(({ type, path, wanted, got, resource }) => {
      return [
        `${type}.${path}: asked for ${JSON.stringify(wanted)}, got ${JSON.stringify(got ?? null)}`,
        resource.name,
      ] as const;
    });
    assert.deepEqual(grouped(lines), []);
  });

  it("still lacks and loses what is listed", () => {
    const idle = [
      ...lacking.filter(
        (each) => !failed().some(({ type, failure }) => type === each.type && each.failure.test(failure!)),
      ),
      ...losses.filter((each) => !lost().some(({ type, path }) => type === each.type && path === each.argument)),
    ];
    assert.deepEqual(idle, []);
  });
});

/** Equal lines once, with a name and how many more there are. */
function grouped(lines: readonly (readonly [line: string, name: string])[]): string[] {
  const groups = new Map<string, string[]>();
  for (const [line, name] of lines) groups.set(line, [...(groups.get(line) ?? []), name]);
  return [...groups].map(
    ([line, [first, ...rest]]) => `${line} ("${first}"${rest.length > 0 ? ` and ${rest.length} more` : ""})`,
  );
}
