import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { type Folder, folders, type Import, importsOf, sourcesOf } from "./sources";

/** Folders whose files a folder's files may import, beside its own. */
const allowed: Record<Folder, RegExp> = {
  stacks: /^(infra|apps)\//,
  account: /^infra\/|^stacks\/(config\/(problems|formats|raw|urls)|package-frames)\.ts$/,
  infra: /^$/,
  apps: /^$/,
  policy: /^$/,
  graph: /^$/,
  local: /^graph\//,
  verify: /^apps\/|^graph\/user-error\.ts$/,
  cli: /^(graph|local|verify|policy\/check)\/|^stacks\/(config\/|stack-name\.ts$)|^apps\/(catalog|bundler\/rebuild|kit\/tenant|identity-triggers\/subject)\.ts$/,
};

/**
 * Single files that may do more: who runs the program, who judges the plan by the policy pack, and what the pack has for
 * both, as it also runs without the rest of this project: exported stacks, errors and text that is safe to print.
 */
const exceptions: Record<string, RegExp> = {
  "graph/plan.ts": /^stacks\//,
  "graph/account-policies.ts": /^account\/index\.ts$/,
  "graph/project.ts": /^stacks\/config\/raw\.ts$/,
  "graph/layers.ts": /^stacks\/stack-name\.ts$/,
  "graph/ledger/": /^stacks\/config\/aws-regions\.ts$/,
  "graph/policy/": /^policy\//,
  "graph/policy/config.ts": /^stacks\/config\/(outside-images|policy|raw|read)\.ts$|^apps\/catalog\.ts$/,
  "graph/diff/": /^policy\/check\/(stack-file|state)\.ts$/,
  "graph/printable.ts": /^policy\/check\/printable\.ts$/,
  // The process of the store loads its code as commands do.
  "local/dynamodb/dynalite.cjs": /^cli\/load\.cjs$/,
  "graph/user-error.ts": /^policy\/check\/user-error\.ts$/,
};

/** Rooms of infra that any other room may import. They import each other in this order only, the first nothing. */
const foundations = ["naming", "contract", "traffic", "security"];

/** Rooms that a room of infra may import, beside itself and the foundations. */
const allowedInInfra: Record<string, readonly string[]> = {
  account: ["region"],
  balancer: ["observability"],
  compute: ["balancer", "messaging", "observability"],
  dns: ["region"],
  experiments: ["observability"],
  firewall: ["observability"],
  functions: ["observability"],
  gateway: ["firewall", "functions", "observability"],
  identity: ["functions", "observability"],
  live: ["functions", "gateway", "messaging", "observability", "region"],
  messaging: ["functions", "observability"],
  web: ["dns", "firewall", "observability", "region"],
};

/** Folders of policy/ that a folder of it may import, beside itself; index.ts in their parent starts the pack. */
const allowedInPolicy: Record<string, readonly string[]> = {
  stack: [],
  pack: ["stack", "network"],
  network: ["stack"],
  rules: ["stack", "pack", "network"],
  check: ["stack", "pack", "rules"],
  "index.ts": ["pack", "rules"],
};

/** Modules of the SDKs that are no part of their public interface. */
const internals = /^@pulumi\/pulumi\/(proto|runtime|cmd)\/|^@pulumi\/policy\/|^google-protobuf/;
const users = [
  "graph/capture/capture.ts",
  "graph/capture/monitor.ts",
  "policy/check/evaluate.ts",
  "policy/check/messages.ts",
];

describe("imports", () => {
  const sources = folders.flatMap(sourcesOf);
  const imports = sources.flatMap(importsOf);
  const folderOf = (path: string) => path.split("/")[0] as Folder;
  const packages = imports.filter(({ local }) => !local);

  const importers = (of: RegExp) =>
    [...new Set(packages.filter(({ to }) => of.test(to)).map(({ from }) => from))].sort();

  it("are found in every folder", () => {
    for (const folder of folders.filter((name) => sourcesOf(name).length > 0)) {
      assert.ok(
        imports.some(({ from, local }) => local && folderOf(from) === folder),
        folder,
      );
    }
    assert.ok(imports.length > 500);
  });

  it("lead from the stacks to infra and apps, from the local platform to the graph, and never back", () => {
    const refused = imports.filter(({ from, to, local }) => {
      if (!local || folderOf(from) === folderOf(to) || allowed[folderOf(from)].test(to)) return false;
      return !Object.entries(exceptions).some(([path, more]) => from.startsWith(path) && more.test(to));
    });
    assert.deepEqual(refused.map(show), []);
  });

  it("keep the rooms of infra apart: gateways and compute meet in infra/contract alone", () => {
    const room = (path: string) => path.split("/")[1]!;
    const refused = imports.filter(({ from, to, local }) => {
      if (!local || folderOf(from) !== "infra" || room(to) === room(from)) return false;
      const below = foundations.includes(room(from))
        ? foundations.slice(0, foundations.indexOf(room(from)))
        : foundations;
      return ![...below, ...(allowedInInfra[room(from)] ?? [])].includes(room(to));
    });
    assert.deepEqual(refused.map(show), []);
  });

  it("lead in policy from the command and the rules to the pack and the reading of a stack, and never back", () => {
    const room = (path: string) => path.split("/")[1]!;
    const refused = imports.filter(({ from, to, local }) => {
      if (!local || folderOf(from) !== "policy" || room(to) === room(from)) return false;
      return !allowedInPolicy[room(from)]?.includes(room(to));
    });
    assert.deepEqual(refused.map(show), []);
    assert.ok(imports.some(({ from, to }) => from.startsWith("policy/check/") && to.startsWith("policy/rules/")));
  });

  it("run in no circle", () => {
    const next = new Map(sources.map((source) => [source.path, importsOf(source)]));
    const done = new Set<string>();
    const visit = (path: string, above: readonly string[]): void => {
      assert.ok(!above.includes(path), `${[...above.slice(above.indexOf(path)), path].join(" -> ")}`);
      if (done.has(path)) return;
      for (const { to, local, erased } of next.get(path) ?? []) if (local && !erased) visit(to, [...above, path]);
      done.add(path);
    };
    for (const { path } of sources) visit(path, []);
  });

  it("reach into the SDKs' insides from few modules only", () => {
    assert.deepEqual(importers(internals), users);
  });

  it("use awsx for the VPC and the image only", () => {
    assert.deepEqual(importers(/^@pulumi\/awsx/), ["infra/compute/ecs/image.ts", "infra/network/network.ts"]);
  });

  it("load AWS by its modules, never whole", () => {
    const whole = /^import (?!type )[^;]*? from "@pulumi\/awsx?";/m;
    assert.deepEqual(
      sources.filter(({ text }) => whole.test(text)).map(({ path }) => path),
      [],
    );
  });

  it("name packages that package.json lists for use, not for development", () => {
    const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
    // The protocol's own messages come with the SDK; the releaser runs where Lambda has the AWS SDK.
    // The stand-in for external providers is of use in development alone.
    const given = (from: string, name: string) =>
      name === "google-protobuf" ||
      (name === "oidc-provider" && from === "local/cognito/federation/stand-in.mjs") ||
      (name.startsWith("@aws-sdk/") && from.startsWith("infra/compute/lambda/releaser/"));
    for (const { from, to } of packages) {
      if (to.startsWith("node:")) continue;
      const name = to
        .split("/")
        .slice(0, to.startsWith("@") ? 2 : 1)
        .join("/");
      assert.ok(name in dependencies || given(from, name), `${from} imports ${name}`);
    }
  });

  it("of the policy pack name packages that its own package.json lists", () => {
    const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "policy/package.json"), "utf8"));
    const named = packages.filter(({ from, to }) => folderOf(from) === "policy" && !to.startsWith("node:"));
    // build.cjs runs before the package is packed.
    const names = named
      .filter(({ from }) => from !== "policy/build.cjs")
      .map(({ to }) =>
        to
          .split("/")
          .slice(0, to.startsWith("@") ? 2 : 1)
          .join("/"),
      );
    assert.deepEqual([...new Set(names)].sort(), Object.keys(dependencies).sort());
  });

  it("leave configuration to one module", () => {
    const reads = /\bnew (pulumi\.)?Config\(|\ballConfig\(|\bgetConfig\(/;
    const readers = ["stacks", "account", "infra", "apps"].flatMap((folder) => sourcesOf(folder as Folder));
    assert.deepEqual(
      readers.filter(({ text }) => reads.test(text)).map(({ path }) => path),
      ["stacks/config/raw.ts"],
    );
  });
});

const show = ({ from, to }: Import) => `${from} imports ${to}`;
