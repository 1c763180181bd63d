/** What a key once held. */
export interface Version {
  readonly id: string;
  readonly at: Date;
  /** Unset: the object was deleted here. */
  readonly body?: Buffer;
}

/** A bucket with versioning, so that nothing written to it is ever lost. */
export class Bucket {
  /** Waited for before an object is written, for tests that need a writer to be under way. */
  beforePut: (key: string) => Promise<void> | void = () => {};
  private readonly keys = new Map<string, Version[]>();

  constructor(
    readonly name: string,
    readonly region: string,
  ) {}

  put(key: string, body: Buffer | string): Version {
    return this.add(key, { body: Buffer.from(body) });
  }

  /** Whether it is there or not, as S3 does. */
  delete(key: string): Version {
    return this.add(key, {});
  }

  /** Unset where there is none, or no more. */
  get(key: string): (Version & { readonly body: Buffer }) | undefined {
    const latest = this.keys.get(key)?.at(-1);
    return latest?.body && { ...latest, body: latest.body };
  }

  /** All that a key ever held, oldest first. */
  versions(key: string): readonly Version[] {
    return this.keys.get(key) ?? [];
  }

  /** What is there now, by key, sorted as S3 sorts. */
  objects(): ReadonlyMap<string, Buffer> {
    const present = [...this.keys.keys()].flatMap((key) => {
      const body = this.get(key)?.body;
      return body ? [[key, body] as const] : [];
    });
    return new Map(present.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }

  private add(key: string, content: Pick<Version, "body">): Version {
    const versions = this.keys.get(key) ?? [];
    this.keys.set(key, versions);
    const version = { id: `${versions.length + 1}`, at: new Date(), ...content };
    versions.push(version);
    return version;
  }
}
