import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { projectRoot } from "../../graph/project-root";
import type { PlatformState } from "../../local/state/platform-state";
import { copyCheckout } from "../helpers/checkout";
import { Command, Folder } from "../helpers/command";
import { until } from "../local/helpers/wait";
import { Load } from "./helpers/load";

/** Figures that a busy machine meets too; docs/development-loop.md has those of an idle one. */
const busy = { firstAnswerMs: 8_000 };

describe("npm start with --watch", function () {
  this.timeout(60_000);
  const folder = new Folder();
  const root = join(folder.path, "project");
  let command: Command;
  let url: string;

  before(async function () {
    this.timeout(120_000);
    copyCheckout(root, ["account", "contracts"]);
    for (const kept of [".artifacts", ".cache/python-packages"]) {
      if (existsSync(join(projectRoot, kept))) cpSync(join(projectRoot, kept), join(root, kept), { recursive: true });
    }
    const config = join(root, "Pulumi.dev.yaml");
    const allowed = "  platform:throttle: { rate: 2000, burst: 2000 }\n  platform:web:";
    writeFileSync(config, readFileSync(config, "utf8").replace("  platform:web:", allowed));
    const options = ["--watch", "--port", "0", "--time-scale", "20", "--state", folder.state];
    command = new Command(folder, ["start", ...options], { root });
    [, url] = (await command.says(/^ready (.+)$/m, 110_000)) as unknown as [string, string];
    await command.says(/watch .+ gets its new code/, 5_000);
  });

  after(async () => {
    await command?.interrupt();
    await command?.gone();
    folder.remove();
  });

  const path = (name: string) => join(root, name);
  const state = async () => (await (await request(`${url}/_platform/state`)).body.json()) as PlatformState;

  /** Saves a file as most editors do. */
  function save(name: string, change: (text: string) => string): void {
    writeFileSync(path(`${name}.tmp`), change(readFileSync(path(name), "utf8")));
    renameSync(path(`${name}.tmp`), path(name));
  }

  /** Has a service say in each answer that a person has saved it. */
  const sayingSaved = (name: string) => (source: string) =>
    source.replace(
      /(dependencies|\{ \.\.\.dependencies.*?\}), \{$/m,
      `{ ...dependencies, servedBy: () => "${name}" }, {`,
    );

  /** Waits until nothing is left of the code before a save. */
  async function replaced(service: string, savedAt: number): Promise<number> {
    const find = async () =>
      (await state()).development.rollouts.find((each) => each.service === service && Date.parse(each.at) >= savedAt);
    await until(`${service} replaced`, async () => (await find())?.doneAfterMs !== undefined, 30_000);
    return (await find())!.doneAfterMs!;
  }

  for (const [service, pattern] of [
    ["food-store", "ecs"],
    ["price-calculator", "beanstalk"],
    ["shipping", "ec2"],
    ["pet-store", "lambda"],
  ] as const) {
    it(`replaces ${service} under ${pattern} when its source is saved, without a failed request`, async () => {
      const load = new Load(`${url}/${service}/healthz`, 15);
      await load.more(5);
      const before = Date.now();
      save(`apps/${service}/app.ts`, sayingSaved("first"));
      save(`apps/${service}/app.ts`, sayingSaved("second"));
      const first = await load.firstOf("second", busy.firstAnswerMs);
      const doneAfterMs = await replaced(service, before);
      await load.more(15);
      await load.stop();
      assert.deepEqual(load.failures, []);
      // Saves that are closer together than a rollout takes are one.
      assert.ok(!load.by.has("first"));
      const old = [...load.by].filter(([name]) => name !== "second").map(([, { last }]) => last);
      assert.ok(Math.max(...old) - before <= doneAfterMs + 100);
      console.log(
        `        first new answer ${first - before} ms, last old ${Math.max(...old) - before} ms after the save`,
      );
    });
  }

  it("keeps the old servers when the source does not compile, and says why in the terminal and the state", async () => {
    const load = new Load(`${url}/food-store/healthz`, 15);
    await load.more(1);
    save("apps/food-store/app.ts", (text) => text.replace("return serviceApp(", "return serviceApp(("));
    const [line] = await command.says(/build .+food-store\/app\.ts:\d+:\d+: .+/, busy.firstAnswerMs);
    assert.match(line, /app\.ts:\d+:\d+: Expected "\)" but found ";"; what was saved before goes on$/);
    assert.equal(line.endsWith((await state()).development.failure!), true);
    const at = Date.now();
    save("apps/food-store/app.ts", (text) => sayingSaved("third")(text).replace("serviceApp((", "serviceApp("));
    await load.firstOf("third", busy.firstAnswerMs);
    await replaced("food-store", at);
    assert.equal((await state()).development.failure, undefined);
    await load.stop();
    assert.deepEqual([load.failures, [...load.by.keys()]], [[], ["second", "third"]]);
  });

  it("keeps the old servers when the new code ends before it listens", async () => {
    const load = new Load(`${url}/food-store/healthz`, 15);
    await load.more(1);
    save("apps/food-store/app.ts", (text) => `${text}\nthrow new Error("not today");\n`);
    const [line] = await command.says(/rollout .+not today.+/, busy.firstAnswerMs);
    assert.match(line, /food-store eu-west-1a: ended with code 1 \(.*not today\) before it listened; .+ goes on$/);
    await load.more(10);
    await load.stop();
    assert.deepEqual([load.failures, [...load.by.keys()]], [[], ["third"]]);
  });
});
