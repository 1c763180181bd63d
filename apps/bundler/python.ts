import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beanstalkHealth, beanstalkHealthPath } from "./beanstalk-health";
import type { Files } from "./store";

/** Folder of what every service in Python shares: the kit, the packages, and the program that fetches them. */
const kit = "apps/kit-python";
/** The Dockerfile of every service in Python, from the project's root. */
export const pythonDockerfilePath = "apps/bundler/Dockerfile.python";
/** File of an artifact that lists its packages. Not `requirements.txt`: Beanstalk would install that from the internet. */
export const packagesFile = "packages.lock";

/** Tells whether an app is written in Python. */
export function isPython(root: string, name: string): boolean {
  return existsSync(join(root, "apps", name, "server.py"));
}

/** Returns the files of a service in Python that are deployed, without its packages. */
export function pythonFiles(root: string, name: string): Record<string, string | Uint8Array> {
  return {
    ...filesIn(join(root, "apps", name), /\.(py|json)$/),
    ...filesIn(join(root, kit, "platform_kit"), /\.py$/, "platform_kit/"),
    [packagesFile]: readFileSync(join(root, kit, "requirements.txt"), "utf8"),
    "aws-services.txt": readFileSync(join(root, kit, "aws-services.txt"), "utf8"),
    Dockerfile: readFileSync(join(root, pythonDockerfilePath), "utf8"),
    Procfile: "web: python3 server.py\n",
    [beanstalkHealthPath]: beanstalkHealth,
  };
}

/**
 * Returns the packages of services in Python. They are fetched once for each list of packages, and kept in `.cache`.
 * @throws {Error} one sentence when Python or a package cannot be had
 */
export async function pythonPackages(root: string): Promise<Files> {
  const [requirements, services] = ["requirements.txt", "aws-services.txt"].map((file) => join(root, kit, file));
  const key = createHash("sha256").update(readFileSync(requirements!)).update(readFileSync(services!)).digest("hex");
  const folder = join(root, ".cache/python-packages", key.slice(0, 16));
  if (!existsSync(folder)) {
    try {
      await promisify(execFile)("python3", [join(root, kit, "vendor.py"), requirements!, services!, folder]);
    } catch (error) {
      throw new Error(`the packages of ${kit}/requirements.txt cannot be fetched, ${reasonOf(error)}`);
    }
  }
  const files = filesIn(folder, /./);
  const compiled = Object.keys(files).find((file) => /\.(so|pyd)$/.test(file));
  if (compiled !== undefined) {
    throw new Error(`packages must be pure Python, got ${compiled}; take another package in ${kit}/requirements.txt`);
  }
  return files;
}

function reasonOf(error: unknown): string {
  const { code, stderr } = error as { readonly code?: string | number; readonly stderr?: string };
  if (code === "ENOENT") return "as there is no python3; install Python 3.11 or newer with pip";
  const lines = (stderr ?? "").split("\n").filter((line) => /^ERROR|No module/.test(line));
  return `as pip says: ${lines.at(-1) ?? `exit code ${code}`}; correct the list, or the index that pip is configured for`;
}

function filesIn(folder: string, names: RegExp, prefix = ""): Record<string, Uint8Array> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.test(entry.name) && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file) => [prefix + file.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(file)]),
  );
}
