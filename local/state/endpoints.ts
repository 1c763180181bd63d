import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Graph } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import { probe } from "../ports/probe";

/** The URLs of a running platform; null for parts that it does not have. */
export interface Endpoints {
  readonly console: string;
  /** The one address for clients, which follows Route 53's failover. */
  readonly global: string;
  readonly regions: Readonly<Record<string, RegionEndpoints>>;
  /** Names of services that fail over by themselves, by service: `global` follows such a name in the header Host. */
  readonly services: Readonly<Record<string, string>>;
  readonly issuer: string;
  /** The sign-in page of each region that has a user pool, the primary one first. */
  readonly issuers: Readonly<Record<string, string>>;
  /** The messages that user pools sent: a page, and JSON below `/messages?to=`. */
  readonly mailbox: string;
  /** DynamoDB of all regions: a call goes to the region that it is signed for. */
  readonly dynamodb: string;
  /** From a write to a global table in one region to the moment at which the other regions have it. */
  readonly replicationSeconds: number;
  /** By region: URLs of the planned queues by name. */
  readonly queues: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** AWS APIs of queues, topics, API keys, secrets and users; DynamoDB's is `dynamodb`. */
  readonly aws: string;
  /** The web app, for a browser. */
  readonly web: string | null;
}

/** The URLs of a region. */
export interface RegionEndpoints {
  readonly http: string;
  readonly rest: string | null;
  readonly private: string | null;
  /** `ws://…`, of the region alone; a WebSocket at the host and port of `global` follows Route 53's failover. */
  readonly websocket: string | null;
  /** The region's own DynamoDB, as its services ask it. */
  readonly dynamodb: string;
}

/** Returns the names of services that fail over by themselves, which the outputs of the edge layer have as URLs. */
export function serviceNames({ outputs }: Pick<Graph, "outputs">): Readonly<Record<string, string>> {
  const urls = Object.assign({}, ...Object.values<any>(outputs["edge"] ?? {}).map((edge) => edge["serviceUrls"]));
  return Object.fromEntries(Object.entries<string>(urls).map(([service, url]) => [service, new URL(url).hostname]));
}

const fileName = "endpoints.json";
/** A platform on a busy machine may need seconds; of one that was killed, the port refuses at once. */
const answerMs = 10_000;
const maxBytes = 1_000_000;
const loopbackUrl = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;

/**
 * Reads a URL of the platform that runs from a folder, or that was killed there.
 * @returns undefined when no platform has written its endpoints
 * @throws {UserError} when the file is not one that a platform writes
 */
export function readEndpoint(folder: string, name: "console" | "issuer"): string | undefined {
  const path = join(folder, fileName);
  try {
    const file = lstatSync(path);
    // Reading a pipe would wait for ever.
    if (!file.isFile()) throw new Error("it is not a file");
    if (file.size > maxBytes) throw new Error(`it has ${file.size} bytes`);
    const url: unknown = JSON.parse(readFileSync(path, "utf8"))?.[name];
    if (typeof url === "string" && loopbackUrl.test(url)) return url;
    throw new Error(`${name} is not a URL of this machine`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A folder that is none is reported by what writes to it.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const what = error instanceof SyntaxError ? "it is not JSON" : message;
    throw new UserError(
      `${path} is not what a platform writes: ${what}; delete it, or choose another folder with --state`,
    );
  }
}

/** The file `endpoints.json` of a folder, which belongs to one running platform at a time. */
export class EndpointsFile {
  private readonly path: string;
  private readonly temporary: string;
  private written: string | undefined;

  constructor(readonly folder: string) {
    this.path = join(folder, fileName);
    this.temporary = `${this.path}.${process.pid}`;
  }

  /**
   * Creates the folder, checks that it can be written, and removes what a platform that was killed left in it.
   * @throws {UserError} when the folder cannot be used, the file is not a platform's, or that platform still answers
   */
  async prepare(): Promise<void> {
    this.use(() => {
      makeFolder(this.folder);
      for (const name of readdirSync(this.folder)) {
        if (/^endpoints\.json\.\d+$/.test(name)) rmSync(join(this.folder, name), { force: true });
      }
      // On a full disk a file can be created, and only writing to it fails.
      writeFileSync(this.temporary, " ".repeat(8_192), { flag: "wx" });
      rmSync(this.temporary);
    });
    const url = readEndpoint(this.folder, "console");
    if (url === undefined) return;
    if ((await probe(`${url}/_platform/state`, answerMs)) === 200) throw this.alreadyRunning(url);
    this.use(() => rmSync(this.path, { force: true }));
  }

  /**
   * Writes the file in one step, so that readers never see a part.
   * @throws {UserError} when another platform wrote it first, or it cannot be written
   */
  publish(endpoints: Endpoints): void {
    const text = `${JSON.stringify(endpoints, null, 2)}\n`;
    this.use(() => writeFileSync(this.temporary, text, { flag: "wx" }));
    try {
      linkSync(this.temporary, this.path);
      this.written = text;
    } catch (error) {
      const other = readEndpoint(this.folder, "console");
      if (other !== undefined) throw this.alreadyRunning(other);
      throw this.unusable(error);
    } finally {
      this.removeTemporary();
    }
  }

  /** Removes the file if this platform wrote it. */
  remove(): void {
    if (this.written === undefined) return;
    try {
      if (readFileSync(this.path, "utf8") === this.written) rmSync(this.path, { force: true });
    } catch {
      // The folder is gone, or can no longer be written; the next start finds that no platform answers.
    }
  }

  private use(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.removeTemporary();
      throw this.unusable(error);
    }
  }

  private removeTemporary(): void {
    try {
      rmSync(this.temporary, { force: true });
    } catch {
      // The folder is none, which is reported already.
    }
  }

  private unusable(error: unknown): UserError {
    const { code, message } = error as NodeJS.ErrnoException;
    const fix = code === "ENOSPC" ? "free some space" : "make it a folder that can be written";
    return new UserError(
      `the folder ${this.folder} cannot be used: ${message}; ${fix}, or choose another with --state`,
    );
  }

  private alreadyRunning(url: string): UserError {
    return new UserError(
      `a platform already runs from ${this.folder} at ${url}; stop it first, or choose another folder with --state`,
    );
  }
}

/**
 * Creates a folder and those above it. `mkdirSync` with `recursive` never ends where folders cannot be created and the
 * system says that the path does not exist, as in /proc.
 */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}
