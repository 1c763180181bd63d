import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
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

/** Commits all files of a folder, as the first commit of a repository when it is none; returns the commit's hash. */
export function commitAll(root: string): string {
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
  if (!existsSync(join(root, ".git"))) git("init", "--quiet");
  git("add", "--all", "--force", ".", ":!node_modules");
  git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "test");
  return git("rev-parse", "HEAD").trim();
}
