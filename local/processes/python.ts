import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../graph/project-root";

const run = promisify(execFile);

/** Oldest Python that runs services, and names to look for, the version on AWS first. */
const oldest = "3.11";
const candidates = ["python3.13", "python3.14", "python3.12", "python3.11", "python3"];
/** Names by which planned commands call Python. */
const names = ["python", "python3", "python3.13"];

/** Tells whether a planned command runs Python. */
export function runsPython(command: readonly string[]): boolean {
  return /^python(3(\.\d+)?)?$/.test(command[0] ?? "");
}

/** What processes in Python need to run here: environment variables, or why they cannot. */
export type PythonHere =
  | { readonly variables: Readonly<Record<string, string>> }
  /** Follows the names of the services that are left out. */
  | { readonly missing: string };

/**
 * Finds Python on this machine, and the packages of an artifact, which are fetched once for each list of them.
 * @param folder  of the artifact, whose packages a plan leaves out
 * @param path  PATH of this process
 */
export async function findPython(folder: string, path = process.env["PATH"] ?? ""): Promise<PythonHere> {
  const executable = await findExecutable(path);
  if (executable === undefined) {
    return { missing: `as this machine has no Python ${oldest} or newer; install it, and start again` };
  }
  const cache = join(projectRoot, ".cache");
  const variables = {
    PATH: `${folderOf(executable, cache)}:${path}`,
    // What is compiled is kept, and not in the artifact.
    PYTHONPYCACHEPREFIX: join(cache, "pycache"),
    PYTHONUNBUFFERED: "1",
  };
  if (!existsSync(join(folder, "packages.lock")) || existsSync(join(folder, "boto3"))) return { variables };
  try {
    return { variables: { ...variables, PYTHONPATH: await packagesOf(folder, executable, cache) } };
  } catch (error) {
    const { stderr = String(error) } = error as { readonly stderr?: string };
    const said = stderr.split("\n").findLast((line) => /^ERROR|No module/.test(line)) ?? "it ended with an error";
    return { missing: `as its packages cannot be fetched (pip: ${said}); give pip an index that has them` };
  }
}

/** Returns the first Python that is new enough, past programs that only choose one. */
async function findExecutable(path: string): Promise<string | undefined> {
  const program = `import sys; print(sys.executable if sys.version_info >= (${oldest.replace(".", ", ")}) else "")`;
  for (const candidate of candidates) {
    const found = await run(candidate, ["-c", program], { env: { ...process.env, PATH: path } }).catch(() => undefined);
    const executable = found?.stdout.trim();
    if (executable) return executable;
  }
  return undefined;
}

/** Returns a folder that has this Python under each of the names by which commands call it. */
function folderOf(executable: string, cache: string): string {
  const folder = join(cache, "python-bin", digest(executable));
  if (existsSync(folder)) return folder;
  const temporary = `${folder}.${randomBytes(6).toString("hex")}`;
  mkdirSync(temporary, { recursive: true });
  for (const name of names) symlinkSync(executable, join(temporary, name));
  renameSync(temporary, folder);
  return folder;
}

/** Returns the folder of the packages that the artifact has a lock of. */
async function packagesOf(folder: string, executable: string, cache: string): Promise<string> {
  const [lock, services] = ["packages.lock", "aws-services.txt"].map((file) => join(folder, file));
  const packages = join(cache, "python-packages", digest(readFileSync(lock!), readFileSync(services!)));
  if (existsSync(packages)) return packages;
  mkdirSync(dirname(packages), { recursive: true });
  await run(executable, [join(projectRoot, "apps/kit-python/vendor.py"), lock!, services!, packages]);
  return packages;
}

function digest(...parts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}
