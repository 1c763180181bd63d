import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../graph/project-root";

const REQUIREMENTS = join(__dirname, "requirements.txt");
const CONFIG = join(__dirname, "schemathesis.toml");
const HOOKS = join(__dirname, "lines.py");
const SEED = 2311;
const checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/** What schemathesis is to test. */
export interface Fuzzing {
  /** URL or file of the document. */
  readonly document: string;
  /** Base URL of the API. */
  readonly url: string;
  readonly token: string;
  /** Ids of operations. @default all */
  readonly operations?: readonly string[];
}

/**
 * Has schemathesis send requests that the document describes, and some that it does not, always the same ones.
 * @returns whether every answer was within the document and none was 5xx, and what it prints
 */
export function fuzz({ document, url, token, operations = [] }: Fuzzing): Promise<{ passed: boolean; report: string }> {
  const args = [
    ...["--config-file", CONFIG, "run", document, "--url", url, "--checks", checks],
    ...["--header", `Authorization: Bearer ${token}`],
    // More workers are threads, with which Python 3.11 fails to compile some of what schemathesis generates.
    ...["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", String(SEED), "--workers", "1"],
    ...["--continue-on-failure", "--no-color", ...operations.flatMap((id) => ["--include-operation-id", id])],
  ];
  const env = {
    ...{ ...process.env, PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", SCHEMATHESIS_HOOKS: HOOKS },
    HYPOTHESIS_STORAGE_DIRECTORY: join(folder(), "examples"),
  };
  return new Promise((resolve) => {
    execFile(join(folder(), "bin", "schemathesis"), args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ passed: error === null && / passed$/m.test(stdout), report: `${stdout}${stderr}` }),
    );
  });
}

/** The virtual environment; another one when what is pinned, or the Python below it, is another one. */
function folder(): string {
  const version = execFileSync("python3", ["--version"], { encoding: "utf8" }).trim();
  const hash = createHash("sha256").update(version).update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16);
  return join(projectRoot, ".cache", `schemathesis-${hash}`);
}

/**
 * Installs schemathesis, once, into a virtual environment in the project's cache.
 * @throws {Error} one sentence when there is no Python 3.11 with pip and venv, or no package index
 */
export function installSchemathesis(): void {
  try {
    const into = folder();
    const done = join(into, "installed");
    if (existsSync(done)) return;
    rmSync(into, { recursive: true, force: true });
    execFileSync("python3", ["-m", "venv", into], { stdio: "pipe" });
    const options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"];
    const install = ["-m", "pip", "install", ...options, "--requirement", REQUIREMENTS];
    execFileSync(join(into, "bin", "python"), install, { stdio: "pipe" });
    writeFileSync(done, "");
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: Buffer };
    const reason = (stderr?.toString().trim() || message).split("\n").at(-1);
    throw new Error(`schemathesis needs Python 3.11 or newer with venv and pip, and a package index: ${reason}`);
  }
}
