import assert from "node:assert/strict";
import { type Folder, folders, sourcesOf } from "./sources";

/** Registries: a line or a few per entry, and nothing else. */
const lists = ["policy/rules/index.ts"];

describe("the size of the sources", () => {
  const filled = (folder: Folder) =>
    sourcesOf(folder).reduce((sum, { text }) => sum + text.split("\n").filter((line) => line.trim() !== "").length, 0);

  it("is more platform than tool: graph, local and cli stay below stacks, account, infra and apps", () => {
    const count = (...names: Folder[]) => names.reduce((sum, name) => sum + filled(name), 0);
    const [tool, platform] = [count("graph", "local", "cli"), count("stacks", "account", "infra", "apps")];
    assert.ok(tool > 1000 && tool < platform, `${tool} lines of tool, ${platform} of platform`);
  });

  it("is at most 250 lines a file", () => {
    const long = folders
      .flatMap(sourcesOf)
      .filter(({ path, text }) => text.trimEnd().split("\n").length > 250 && !lists.includes(path));
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    );
  });
});
