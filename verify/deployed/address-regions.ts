import { Resolver } from "node:dns/promises";
import { BlockList } from "node:net";
import { request } from "undici";

/** Every public address range of AWS, with its region. @see https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html */
const rangesUrl = "https://ip-ranges.amazonaws.com/ip-ranges.json";
const rangesMilliseconds = 20_000;

/** A document of ranges, of which this is read. */
export interface AddressRanges {
  readonly prefixes: readonly { readonly ip_prefix: string; readonly region: string }[];
}

/**
 * Says which regions a name leads to: it is resolved, and each address is looked up in the ranges that AWS publishes.
 * An alias record shows nothing but addresses, so there is no other way to tell from outside.
 */
export class AddressRegions {
  private ranges: Promise<ReadonlyMap<string, BlockList>> | undefined;

  constructor(
    private readonly regions: readonly string[],
    private readonly resolve: (name: string) => Promise<readonly string[]> = resolveByDns,
    private readonly load: () => Promise<AddressRanges> = loadRanges,
  ) {}

  /** @throws {Error} when the name does not resolve or the ranges cannot be read */
  async of(name: string): Promise<readonly string[]> {
    const addresses = await this.resolve(name);
    this.ranges ??= this.load().then((document) => this.listsOf(document));
    const lists = await this.ranges;
    const regionOf = (address: string) =>
      [...lists].find(([, list]) => list.check(address))?.[0] ?? `another place (${address})`;
    return [...new Set(addresses.map(regionOf))].sort();
  }

  private listsOf({ prefixes }: AddressRanges): ReadonlyMap<string, BlockList> {
    const lists = new Map(this.regions.map((region) => [region, new BlockList()]));
    for (const { ip_prefix: prefix, region } of prefixes) {
      const [network = "", bits] = prefix.split("/");
      lists.get(region)?.addSubnet(network, Number(bits), "ipv4");
    }
    return lists;
  }
}

async function resolveByDns(name: string): Promise<readonly string[]> {
  try {
    return await new Resolver({ timeout: 3_000, tries: 2 }).resolve4(name);
  } catch (error) {
    throw new Error(`${name} does not resolve: ${(error as { code?: string }).code ?? (error as Error).message}`);
  }
}

async function loadRanges(): Promise<AddressRanges> {
  try {
    const { body } = await request(rangesUrl, { signal: AbortSignal.timeout(rangesMilliseconds) });
    return (await body.json()) as AddressRanges;
  } catch (error) {
    throw new Error(`${rangesUrl} cannot be read: ${(error as { code?: string }).code ?? (error as Error).message}`);
  }
}
