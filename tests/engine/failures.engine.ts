import assert from "node:assert/strict";
import { counts, errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";
import type { Cloud, Held } from "./provider/cloud";
import { canonical } from "./provider/values";

/** Creations, of those that one run asks for, that fail; each run gets a little further. */
const FAILING = [1, 9, 30, 60];

const REFRESH = ["--yes", "--skip-preview"];

const HANG_TIMEOUT_MS = 60_000;

/** An answer that does not come. */
const never = () => new Promise<void>(() => {});

const inventory = (cloud: Cloud) => cloud.resources.map(({ type, region }) => `${type} ${region}`).sort();

/** What the cloud holds and the state does not; a pending operation is no note of success. */
function unnoted(project: Project): string[] {
  const noted = new Set<string>(project.resources("dev").map(({ id }) => id ?? ""));
  return project.cloud.resources.map(({ id }) => id).filter((id) => !noted.has(id));
}

describe("a deployment that is interrupted", () => {
  /** Of the first that is finished. */
  let whole: string[] | undefined;
  let project: Project;
  beforeEach(async () => {
    project = await Project.make({ checkpoints: true });
    await project.run("stack", "init", "dev");
  });
  afterEach(() => project?.close());

  async function finish(): Promise<void> {
    project.cloud.beforeCreate = () => {};
    const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    whole ??= inventory(project.cloud);
    assert.deepEqual(inventory(project.cloud), whole);
    const again = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
    assert.deepEqual([again.code, operations(again.events)], [0, []]);
  }

  it("by a cloud that is slow, and answers in another order each time, ends the same", async () => {
    project.cloud.beforeCreate = (_, nth) => new Promise((resolve) => setTimeout(resolve, (nth * 37) % 200));
    const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    assert.ok(counts(up.events)["create"]! > 200);
    await finish();
  });

  it("by a refused creation, again and again, is finished by the next up, with nothing made twice", async () => {
    for (const failing of FAILING) {
      let count = 0;
      project.cloud.beforeCreate = ({ type }) => {
        if (++count === failing) throw new Error(`LimitExceeded: ${type} is one too many`);
      };
      const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
      assert.notEqual(up.code, 0);
      assert.ok(errors(up.events).some((text) => text.includes("is one too many")));
    }
    await finish();
  });

  /** Kills the engine as a machine goes down, once it waits for nothing but what `hangs`. */
  async function killWhen(hangs: () => boolean): Promise<void> {
    const up = project.start("up", "-s", "dev", "--yes", "--skip-preview");
    const deadline = Date.now() + HANG_TIMEOUT_MS;
    for (let seen = 0; seen < 10; seen = hangs() ? seen + 1 : 0) {
      assert.ok(Date.now() < deadline, "the engine never hung");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    up.kill();
    await up.done;
    const locked = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
    assert.match(locked.text, /the stack is currently locked/);
    assert.equal((await project.run("cancel", "dev", "--yes")).code, 0);
  }

  it("by an engine that is killed is finished after `cancel` and `refresh`, without an edit of the state", async () => {
    let arriving = 0;
    project.cloud.beforeCreate = (_, nth) => {
      if (nth < 60) return;
      arriving++;
      return never();
    };
    await killWhen(() => arriving > 0 && unnoted(project).length === 0);
    const refresh = await project.run("refresh", "-s", "dev", ...REFRESH, "--clear-pending-creates");
    assert.equal(refresh.code, 0);
    await finish();
  });

  it("by an engine that is killed before it hears what was made, too, once that is deleted: the state names it", async () => {
    const unheard: Held[] = [];
    project.cloud.beforeAnswer = (held) => {
      if (project.cloud.resources.length < 60) return;
      unheard.push(held);
      return never();
    };
    await killWhen(() => unheard.length > 0 && project.pending("dev").length === unheard.length);
    project.cloud.beforeAnswer = () => {};
    const named = project.pending("dev").map(({ type, inputs }) => `${type} ${canonical(inputs)}`);
    assert.deepEqual(named.sort(), unheard.map(({ type, inputs }) => `${type} ${canonical(inputs)}`).sort());
    for (const { type, region, id } of unheard) project.cloud.delete(type, region, id);
    const refresh = await project.run("refresh", "-s", "dev", ...REFRESH, "--clear-pending-creates");
    assert.equal(refresh.code, 0);
    await finish();
  });
});
