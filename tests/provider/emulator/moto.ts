import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";

/** An AWS of this machine's own, without memory between runs. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

const REQUIREMENTS = join(__dirname, "requirements.txt");
const START_TIMEOUT_MS = 60_000;

/** moto's version, as requirements.txt pins it. */
export const motoVersion = /^moto==(\S+)$/m.exec(readFileSync(REQUIREMENTS, "utf8"))![1]!;

/**
 * Starts moto's server on a free port of the loopback. It is installed once, into a virtual environment outside the tree.
 * @throws {Error} when there is no Python, no package index, or the server does not answer
 */
export async function startEmulator(say: (line: string) => void = console.error): Promise<Emulator> {
  const python = environment(say);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
    env: { PATH: process.env["PATH"], MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.stderr.resume();
  const stop = async () => {
    process.off("exit", end);
    end();
    await ended;
  };
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new Error(`moto does not answer at ${url}; run ${python} -m moto.server by hand to see why`);
  }
  // Functions answer without being run, with Docker and without.
  await fetch(`${url}/moto-api/config`, { method: "POST", body: JSON.stringify({ lambda: { use_docker: false } }) });
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/data.json`)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return false;
  }
}

/** The Python of the virtual environment, see `startEmulator`; made anew when what is pinned, or the Python below it, is another one. */
export function environment(say: (line: string) => void): string {
  const version = execFileSync("python3", ["--version"], { encoding: "utf8" }).trim();
  const hash = createHash("sha256").update(version).update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16);
  const base = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(base, "platform-provider", `moto-${hash}`);
  const [python, done] = [join(folder, "bin", "python"), join(folder, "installed")];
  if (existsSync(done)) return python;
  say(`moto ${motoVersion}: installing into ${folder}, which takes a minute or two`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "ignore" });
  execFileSync(python, ["-m", "pip", "install", "--quiet", "--no-input", "--requirement", REQUIREMENTS], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(done, "");
  return python;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

// Before two suites want it.
if (require.main === module) console.log(environment(console.error));
