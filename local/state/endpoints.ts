import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { probe } from "../ports/probe";

/** The URLs of a running platform; null for parts that it does not have. */
export interface Endpoints {
  readonly console: string;
  /** The one address for clients, which follows Route 53's failover. */
  readonly global: string;
  readonly regions: Readonly<Record<string, { readonly http: string; readonly rest: null; readonly private: null }>>;
  readonly issuer: string;
  readonly dynamodb: string;
  readonly web: null;
}

/** The file `endpoints.json` of a folder, which belongs to one running platform at a time. */
export class EndpointsFile {
  private readonly path: string;
  private written: string | undefined;

  constructor(private readonly folder: string) {
    this.path = join(folder, "endpoints.json");
  }

  /** Removes the file of a platform that was killed. @throws {Error} when that platform still answers */
  async removeStale(): Promise<void> {
    const text = this.read();
    if (text === undefined) return;
    const url = consoleOf(text);
    if (url !== undefined && (await probe(`${url}/_platform/state`, 1_000)) === 200) throw this.alreadyRunning(url);
    rmSync(this.path, { force: true });
  }

  /**
   * Writes the file in one step, so that readers never see a part. @throws {Error} when another platform wrote it first
   */
  publish(endpoints: Endpoints): void {
    mkdirSync(this.folder, { recursive: true });
    const text = `${JSON.stringify(endpoints, null, 2)}\n`;
    const temporary = `${this.path}.${process.pid}`;
    writeFileSync(temporary, text);
    try {
      linkSync(temporary, this.path);
      this.written = text;
    } catch {
      throw this.alreadyRunning(consoleOf(this.read() ?? "") ?? "another address");
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** Removes the file if this platform wrote it. */
  remove(): void {
    if (this.written !== undefined && this.read() === this.written) rmSync(this.path, { force: true });
  }

  private alreadyRunning(url: string): Error {
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

/** Returns the console's URL in the text of the file; undefined when the text is incomplete or of another form. */
function consoleOf(text: string): string | undefined {
  try {
    const url = JSON.parse(text).console;
    return typeof url === "string" && /^http:\/\/127\.0\.0\.1:\d+$/.test(url) ? url : undefined;
  } catch {
    return undefined;
  }
}
