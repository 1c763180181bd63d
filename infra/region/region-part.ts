import * as pulumi from "@pulumi/pulumi";
import { tagTransformation } from "../security/tags";
import { createProvider } from "./other-region";
import { type RegionCellArgs, regionTags } from "./region-cell";

/** What a region's stack has in another region: the parent of that, with the other region's provider and tags. */
export class RegionPart extends pulumi.ComponentResource {
  constructor(name: string, args: RegionCellArgs, opts?: pulumi.ComponentResourceOptions) {
    const provider = createProvider(name, args.region);
    const transformations = [tagTransformation(regionTags(args))];
    super("platform:region:RegionPart", name, {}, { ...opts, providers: { aws: provider }, transformations });
    this.registerOutputs({});
  }
}
