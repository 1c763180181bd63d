import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

/** The folder an archive input was made of. */
export function archiveOf(resource: PlannedResource, property: string): string {
  return (
    resource.outputs[property]?.archive ??
    unsupported(resource, property, "an archive of a folder", resource.outputs[property])
  );
}

/** The folder that was uploaded to an S3 object. */
export function uploadedFolder(index: GraphIndex, owner: PlannedResource, bucket: string, key: string): string {
  const [object] = index.where("aws:s3/bucketObjectv2:BucketObjectv2", { bucket, key });
  if (object === undefined) unsupported(owner, "artifact", "a planned S3 object", `s3://${bucket}/${key}`);
  return archiveOf(object, "source");
}
