import { closeSync, fstatSync, ftruncateSync, openSync, renameSync, write, writeSync } from "node:fs";
import { UserError } from "../../graph/user-error";
import { writeLogLine } from "./line";

/** Options of `LogFile.open`. */
export interface LogFileOptions {
  /**
   * Size in bytes at which the file is renamed to `<path>.1`, in place of the one before, and a new one begins.
   * @default 10 MB
   */
  readonly maxBytes?: number;
  /** Called when lines are lost for the first time, and when they can be written again. */
  readonly onChange: (sentence: string) => void;
}

/** Lines that wait for a slow disk take no more memory than this. */
const maxWaitingBytes = 4 * 1_024 * 1_024;
/** Time after a failure in which lines are dropped without another try. */
const retryMilliseconds = 2_000;

/** Lines of this time are written at once: a write for each takes as long as a tenth of a request. */
const collectMilliseconds = 5;

/** Files of this process, which write what waits when it ends. */
const files = new Set<LogFile>();
process.once("exit", () => {
  for (const file of files) file.writeAtExit();
});

/**
 * A log file of limited size. A line that cannot be written, because the disk is full or too slow, is dropped: losing
 * the log must not end what is logged.
 */
export class LogFile {
  private fd: number;
  private readonly maxBytes: number;
  private bytes = 0;
  private waiting: string[] = [];
  private waitingBytes = 0;
  /** Whether a write is under way, or will be in a moment. */
  private writing = false;
  private lost = 0;
  private failedAt = Number.NEGATIVE_INFINITY;

  private constructor(
    readonly path: string,
    private readonly options: LogFileOptions,
  ) {
    this.maxBytes = options.maxBytes ?? 10 * 1_024 * 1_024;
    rename(path);
    this.fd = openSync(path, "a");
    files.add(this);
  }

  /** Begins a new file; the one that was there becomes `<path>.1`. @throws {UserError} when it cannot be created */
  static open(path: string, options: LogFileOptions): LogFile {
    try {
      return new LogFile(path, options);
    } catch (error) {
      throw new UserError(
        `the log ${path} cannot be created: ${(error as Error).message}; make it writable, or choose another folder with --state`,
      );
    }
  }

  /** Adds a line, without its end. */
  add(line: string): void {
    if (this.waitingBytes > maxWaitingBytes || Date.now() - this.failedAt < retryMilliseconds) {
      this.lost++;
      return;
    }
    this.waiting.push(line);
    this.waitingBytes += line.length;
    if (this.writing) return;
    this.writing = true;
    setTimeout(() => this.writeWaiting(), collectMilliseconds);
  }

  /** Writes what waits, once the process can do nothing later. */
  writeAtExit(): void {
    if (this.waiting.length === 0) return;
    try {
      writeSync(this.fd, `${this.waiting.join("\n")}\n`);
    } catch {
      // The process ends: nothing can be said any more.
    }
  }

  private writeWaiting(): void {
    const lines = this.waiting.splice(0, this.fittingLines());
    for (const line of lines) this.waitingBytes -= line.length;
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    this.writeAll(bytes, (error) => {
      this.writing = false;
      if (error) return this.fail(error, lines.length);
      this.recover();
      this.bytes += bytes.length;
      if (this.bytes >= this.maxBytes) this.rotate();
      if (this.waiting.length === 0) return;
      this.writing = true;
      this.writeWaiting();
    });
  }

  /** Counts the waiting lines that the file takes before it has its full size: the one that fills it is the last. */
  private fittingLines(): number {
    let bytes = this.bytes;
    let count = 0;
    while (count < this.waiting.length && bytes < this.maxBytes) bytes += Buffer.byteLength(this.waiting[count++]!) + 1;
    return count;
  }

  private writeAll(bytes: Buffer, done: (error: Error | null) => void): void {
    write(this.fd, bytes, (error, count) => {
      if (error || count === bytes.length) done(error);
      else this.writeAll(bytes.subarray(count), done);
    });
  }

  private fail(error: Error, lines: number): void {
    if (this.lost === 0) {
      this.options.onChange(`the log ${this.path} cannot be written: ${error.message}; lines are lost until it can`);
    }
    this.lost += lines + this.waiting.length;
    this.waiting = [];
    this.waitingBytes = 0;
    this.failedAt = Date.now();
  }

  private recover(): void {
    if (this.lost === 0) return;
    this.options.onChange(`the log ${this.path} is written again; ${this.lost} lines were lost`);
    const line = writeLogLine("platform", `${this.lost} lines were lost`);
    this.waiting.unshift(line);
    this.waitingBytes += line.length;
    this.lost = 0;
  }

  private rotate(): void {
    try {
      rename(this.path);
      const next = openSync(this.path, "a");
      closeSync(this.fd);
      this.fd = next;
    } catch {
      // The file cannot be renamed, but its size must stay limited.
      ftruncateSync(this.fd, 0);
    }
    this.bytes = fstatSync(this.fd).size;
  }
}

/** Keeps the file of before, one generation. */
function rename(path: string): void {
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
