import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { probe } from "../ports/probe";

/** Where a running platform is reached; null for what it does not have. */
export interface Endpoints {
  readonly console: string;
  /** URL that Route 53's rules resolve. */
  readonly global: string;
  readonly regions: Readonly<Record<string, { readonly http: string; readonly rest: null; readonly private: null }>>;
  readonly issuer: string;
  readonly dynamodb: string;
  readonly web: null;
}

/** `endpoints.json` of a folder: one platform at a time. */
export class EndpointsFile {
  private readonly path: string;
  private written: string | undefined;

  constructor(private readonly folder: string) {
    this.path = join(folder, "endpoints.json");
  }

  /** Removes what a platform that was killed left behind. @throws {Error} when that platform still answers */
  async claim(): Promise<void> {
    const text = this.read();
    if (text === undefined) return;
    const url = consoleOf(text);
    if (url !== undefined && (await probe(`${url}/_platform/state`, 1_000)) === 200) throw this.taken(url);
    rmSync(this.path, { force: true });
  }

  /** All at once, for readers; only if nobody else did so meanwhile. @throws {Error} in that case */
  publish(endpoints: Endpoints): void {
    mkdirSync(this.folder, { recursive: true });
    const text = `${JSON.stringify(endpoints, null, 2)}\n`;
    const temporary = `${this.path}.${process.pid}`;
    writeFileSync(temporary, text);
    try {
      linkSync(temporary, this.path);
      this.written = text;
    } catch {
      throw this.taken(consoleOf(this.read() ?? "") ?? "another address");
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** Only what this platform wrote. */
  remove(): void {
    if (this.written !== undefined && this.read() === this.written) rmSync(this.path, { force: true });
  }

  private taken(url: string): Error {
    return new Error(`a platform already runs from ${this.folder} at ${url}; stop it first, or use another checkout`);
  }

  private read(): string | undefined {
    try {
      return readFileSync(this.path, "utf8");
    } catch {
      return undefined;
    }
  }
}

/** A file that is cut or of another make names no platform. */
function consoleOf(text: string): string | undefined {
  try {
    const url = JSON.parse(text).console;
    return typeof url === "string" && /^http:\/\/127\.0\.0\.1:\d+$/.test(url) ? url : undefined;
  } catch {
    return undefined;
  }
}
