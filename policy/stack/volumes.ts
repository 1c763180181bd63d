import { block, blocks, isTrue, text } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { T } from "./types";

const INSTANCE = "aws:ec2/instance:Instance";
/** An EBS volume that is a resource of its own. */
export const VOLUME = "aws:ebs/volume:Volume";

/** Names of the volume that a server starts from: the image's snapshot is in it. */
export const rootNames = ["its root volume", "/dev/xvda", "/dev/sda1"];

/** Whether a server starts from a copy of an image that the program encrypts; volumes of it are encrypted as well. */
export function startsFromEncryptedCopy(resource: Resource, stack: Stack): boolean {
  return ["ami", "imageId"].some((key) =>
    stack.targets(resource, key, "aws:ec2/amiCopy:AmiCopy").some(({ props }) => isTrue(props["encrypted"])),
  );
}

/** A volume by its name and by the path of its setting. */
type Volume = readonly [name: string, path: string, volume: Record<string, any>];

/** Volumes that a resource declares. The root volume of a server is there when nothing declares it. */
export function volumesOf(resource: Resource): Volume[] {
  const { props } = resource;
  if (resource.type === VOLUME) return [["its data", "encrypted", props]];
  if (resource.type !== T.launchTemplate) {
    const others = blocks(props["ebsBlockDevices"]).map(
      (one, i): Volume => [text(one["deviceName"]), `ebsBlockDevices.${i}.encrypted`, one],
    );
    if (hasTemplate(resource) && props["rootBlockDevice"] === undefined) return others;
    return [["its root volume", "rootBlockDevice.encrypted", block(props["rootBlockDevice"])], ...others];
  }
  return blocks(props["blockDeviceMappings"])
    .map((one, i): Volume => [text(one["deviceName"]), `blockDeviceMappings.${i}.ebs.encrypted`, one["ebs"]])
    .filter(([, , one]) => one !== undefined)
    .map(([name, path, one]): Volume => [name, path, block(one)]);
}

/** Whether an instance takes what it leaves out from a launch template. */
export function hasTemplate({ type, props }: Resource): boolean {
  return type === INSTANCE && Object.keys(block(props["launchTemplate"])).length > 0;
}
