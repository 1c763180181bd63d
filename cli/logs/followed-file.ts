import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const chunkBytes = 64 * 1_024;

/**
 * A file that another program appends lines to. It may be renamed and begun anew at any time: what was written before is
 * still read, then the new file from its beginning.
 */
export class FollowedFile {
  private fd: number | undefined;
  private position = 0;
  private decoder = new StringDecoder("utf8");
  private rest = "";

  /** @param path  may not be there yet */
  constructor(private readonly path: string) {}

  /** Returns the whole lines that were added since the last call, without their ends. */
  read(): string[] {
    const lines = this.open() ? this.added() : [];
    if (this.fd === undefined || !this.isReplaced(this.fd)) return lines;
    this.close();
    return [...lines, ...(this.open() ? this.added() : [])];
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
    this.position = 0;
    this.decoder = new StringDecoder("utf8");
    this.rest = "";
  }

  private open(): boolean {
    try {
      this.fd ??= openSync(this.path, "r");
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  }

  private added(): string[] {
    const buffer = Buffer.alloc(chunkBytes);
    let text = this.rest;
    for (;;) {
      const bytes = readSync(this.fd!, buffer, 0, chunkBytes, this.position);
      if (bytes === 0) break;
      this.position += bytes;
      text += this.decoder.write(buffer.subarray(0, bytes));
    }
    const lines = text.split("\n");
    this.rest = lines.pop()!;
    return lines;
  }

  /** Whether the path is another file now, or the file was cut. */
  private isReplaced(fd: number): boolean {
    const now = statSync(this.path, { throwIfNoEntry: false });
    return now !== undefined && (now.ino !== fstatSync(fd).ino || now.size < this.position);
  }
}
