import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sourceFiles } from "../../cli/new/tree";
import { projectRoot } from "../../graph/project-root";

const parts = ["apps", "cli", "graph", "infra", "local", "policy", "stacks", "verify"];
const files = ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "package-lock.json", "tsconfig.json"];

/** Copies what the commands need of this project to another folder, without its caches. */
export function copyCheckout(root: string, more: readonly string[] = []): void {
  mkdirSync(root, { recursive: true });
  for (const name of [...parts, ...files, ...more]) {
    if (existsSync(join(projectRoot, name))) cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
}

/** Copies all sources of this project to another folder, with what is built of them, and commits them there. */
export function copyProject(root: string): void {
  for (const path of sourceFiles(projectRoot)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(projectRoot, path), join(root, path));
  }
  commitAll(root);
  mkdirSync(join(root, ".git/info"), { recursive: true });
  writeFileSync(join(root, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  // Artifacts of the same sources need not be built again.
  const artifacts = join(projectRoot, ".artifacts");
  if (existsSync(artifacts)) cpSync(artifacts, join(root, ".artifacts"), { recursive: true });
}

/** Commits all files of a folder, as the first commit of a repository when it is none; returns the commit's hash. */
export function commitAll(root: string): string {
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
  if (!existsSync(join(root, ".git"))) git("init", "--quiet");
  git("add", "--all", "--force", ".", ":!node_modules");
  git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "test");
  return git("rev-parse", "HEAD").trim();
}
