import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

/**
 * Returns the folder that an archive property of a resource was made from. @throws {UserError} on another value
 */
export function archiveFolder(resource: PlannedResource, property: string): string {
  return (
    resource.outputs[property]?.archive ??
    unsupported(resource, property, "an archive of a folder", resource.outputs[property])
  );
}

/** Returns the path of the folder that the plan uploads as a zip to an S3 object. */
export function uploadedFolder(index: GraphIndex, owner: PlannedResource, bucket: string, key: string): string {
  const [object] = index.where("aws:s3/bucketObjectv2:BucketObjectv2", { bucket, key });
  if (object === undefined) unsupported(owner, "artifact", "a planned S3 object", `s3://${bucket}/${key}`);
  return archiveFolder(object, "source");
}
