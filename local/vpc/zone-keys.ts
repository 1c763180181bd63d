/** Keys that are remembered; who has one asks with it when it starts. */
const most = 1_000;

/** The zones of what runs, each by a key of its own, with which it asks where it is. */
export class ZoneKeys {
  private readonly zones = new Map<string, string>();

  /** @param newKey  makes a key that no one can guess, or that is an id */
  constructor(private readonly newKey: () => string) {}

  /** Makes a key for what starts in a zone. The oldest key is forgotten when there are too many. */
  keyIn(zone: string): string {
    const [oldest] = this.zones.keys();
    if (this.zones.size >= most) this.zones.delete(oldest!);
    const key = this.newKey();
    this.zones.set(key, zone);
    return key;
  }

  zoneOf(key: string): string | undefined {
    return this.zones.get(key);
  }
}
