import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

/** A request of the suite, and what it is signed with. */
export interface Vector {
  /** @example "normalize-path/get-slash" */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The canonical request, the text that is signed, and the header. */
  readonly canonical: string;
  readonly stringToSign: string;
  readonly authorization: string;
}

const requirements = join(__dirname, "requirements.txt");
const [, version, hash] = /^botocore==(\S+) --hash=sha256:(\w{64})$/m.exec(readFileSync(requirements, "utf8"))!;
const archive = `botocore-${version}.tar.gz`;
const run = promisify(execFile);

/**
 * Returns the public test suite of SigV4, which is in the source package of botocore. The package comes from the index that
 * pip uses, once; it and what is unpacked of it stay outside the tree.
 * @throws {Error} when there is no package, or it is not the pinned one
 */
export async function readSuite(): Promise<Vector[]> {
  const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "platform-sigv4");
  const file = join(folder, archive);
  if (!existsSync(file)) await download(folder, file);
  if (createHash("sha256").update(readFileSync(file)).digest("hex") !== hash) {
    throw new Error(`${file} is not the package that ${requirements} pins; delete it`);
  }
  const unpacked = mkdtempSync(join(folder, "suite-"));
  try {
    const suite = "tests/unit/auth/aws4_testsuite";
    await run("tar", ["-xzf", file, "-C", unpacked, "--strip-components=1", `botocore-${version}/${suite}`]);
    return vectorsBelow(join(unpacked, suite));
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

async function download(folder: string, file: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const into = mkdtempSync(join(folder, "download-"));
  const options = ["--quiet", "--no-input", "--no-deps", "--no-binary", "botocore", "--require-hashes"];
  try {
    await run("python3", ["-m", "pip", "download", ...options, "--dest", into, "--requirement", requirements]);
    renameSync(join(into, archive), file);
  } catch (error) {
    const reason = String((error as { stderr?: string }).stderr || error)
      .trim()
      .split("\n")
      .at(-1);
    throw new Error(`the test suite of SigV4 needs ${archive} from pip's package index, and pip failed: ${reason}`);
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

function vectorsBelow(folder: string): Vector[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".req"))
    .sort()
    .map((path) => {
      const read = (kind: string) =>
        readFileSync(join(folder, path.replace(/req$/, kind)), "utf8").replaceAll("\r", "");
      const name = path.slice(0, -basename(path).length - 1).replaceAll("\\", "/");
      const rest = { canonical: read("creq"), stringToSign: read("sts"), authorization: read("authz") };
      return { name, ...requestOf(read("sreq")), ...rest };
    });
}

/**
 * Reads a signed request without its signature, and without a token that was added after it was signed. A line that begins
 * with a space continues the header before it.
 */
function requestOf(text: string): Pick<Vector, "method" | "url" | "rawHeaders" | "body"> {
  const [head = "", ...body] = Buffer.from(text).toString("latin1").split("\n\n");
  const [first = "", ...lines] = head.replace(/\n(?=[ \t])/g, " ").split("\n");
  const [, method = "", url = ""] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first)!;
  const headers = lines
    .filter((line) => line !== "")
    .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]);
  const signed = headers.find(([name]) => name === "Authorization")![1];
  const rawHeaders = headers
    .filter(([name]) => name !== "Authorization")
    .filter(([name]) => name !== "X-Amz-Security-Token" || signed.includes("x-amz-security-token"))
    .flat();
  return { method, url, rawHeaders, body: body.join("\n\n") };
}
