// The plans of `npm start`, kept while nothing that they are made from has changed: planning takes longer than all else of
// a start, as the Pulumi SDK has to be loaded for it. Kept in .cache/, like the bundles.
const { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const v8 = require("node:v8");

/** Files and folders that a plan reads, in addition to those of the bundle and the environment's own file. */
const read = ["Pulumi.yaml", "package-lock.json", "apps", "contracts", "infra/compute/lambda/releaser"];

/**
 * Returns the state of the files that the plan of an environment is made from; nothing when the bundle is not kept.
 * @param root  folder of the project
 * @param environment  `dev`
 */
exports.sourcesOf = (root, environment) => {
  try {
    const { inputs } = JSON.parse(readFileSync(join(root, ".cache", "planner.json"), "utf8"));
    const paths = [...Object.keys(inputs), ...read, `Pulumi.${environment}.yaml`];
    return JSON.stringify([process.version, paths.map((path) => [path, ...statesIn(root, path)])]);
  } catch {
    return undefined;
  }
};

/** Returns the state of these files and of the built apps: a plan names their folders, and without one it is of no use. */
exports.stateOf = (root, environment) => {
  const sources = exports.sourcesOf(root, environment);
  try {
    return sources && JSON.stringify([readdirSync(join(root, ".artifacts")).sort(), sources]);
  } catch {
    return undefined;
  }
};

/** Returns the kept plan of an environment; nothing when there is none, or when it was made from another state. */
exports.read = (root, environment, state) => {
  try {
    const kept = v8.deserialize(readFileSync(fileOf(root, environment)));
    return state !== undefined && kept.state === state ? kept.graph : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps the plan of an environment. @param state  of what it was made from */
exports.write = (root, environment, state, graph) => {
  if (state === undefined) return;
  try {
    mkdirSync(join(root, ".cache"), { recursive: true });
    const temporary = join(root, ".cache", `plan.${process.pid}`);
    writeFileSync(temporary, v8.serialize({ state, graph }));
    renameSync(temporary, fileOf(root, environment));
  } catch {
    // On a full disk it is planned each time.
  }
};

function fileOf(root, environment) {
  return join(root, ".cache", `plan-${environment}.bin`);
}

/** Returns size and change of a file, or of every file in a folder. */
function statesIn(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return ["none"];
  if (!stat.isDirectory()) return [`${stat.size} ${stat.ctimeMs}`];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => [name, ...statesIn(root, join(path, name))]);
}
