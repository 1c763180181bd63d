import { imageName } from "../../../infra/compute/ec2/image";
import { generalDefaults } from "../../../stacks/config/defaults";
import type { Properties } from "./values";

/** The provider's words when DescribeImages answers with nothing, and with more than one. */
const NONE = "Your query returned no results. Please change your search criteria and try again.";
const SEVERAL =
  "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true.";

/** Images that Amazon offers, the same in every region: at first, that of the default release. */
export class Images {
  /** By name, oldest first: whether it is deprecated. */
  private readonly deprecated = new Map<string, boolean>([[imageName(generalDefaults.platform.imageRelease!), false]]);

  publish(name: string): void {
    this.deprecated.set(name, false);
  }

  deprecate(name: string): void {
    this.deprecated.set(name, true);
  }

  /**
   * Finds an image as `aws:ec2/getAmi:getAmi` does.
   * @returns its name
   * @throws {Error} as the provider does, without an image or with several
   */
  find({ owners, filters, includeDeprecated, mostRecent }: Properties): string {
    const patterns: string[] = filters.find(({ name }: Properties) => name === "name")?.values ?? ["*"];
    const found = [...this.deprecated]
      .filter(([name, old]) => (includeDeprecated || !old) && patterns.some((pattern) => matches(name, pattern)))
      .map(([name]) => name);
    if (found.length === 0 || !owners.includes("amazon")) throw new Error(NONE);
    if (found.length > 1 && !mostRecent) throw new Error(SEVERAL);
    return found.at(-1)!;
  }
}

function matches(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
