import type { GraphIndex } from "../../graph/model";
import type { ServerGroup } from "../processes/server-group";
import { uploadedFolder } from "../s3/artifacts";
import type { Zones } from "../vpc/zones";

/** Reads the servers of every service under the pattern `template`, a planned Spot Fleet each. */
export function readTemplateServers(index: GraphIndex, zones: Zones): ServerGroup[] {
  return index.ofType("aws:ec2/spotFleetRequest:SpotFleetRequest").map((fleet) => {
    const [specification] = fleet.outputs["launchSpecifications"];
    const { bucket, key, variables } = JSON.parse(specification.userData);
    return {
      id: fleet.urn,
      service: variables.SERVICE_NAME,
      region: fleet.region!,
      pattern: "template",
      zones: zones.ofSubnets(fleet, "subnetId", specification.subnetId.split(",")),
      desired: fleet.outputs["targetCapacity"],
      env: variables,
      command: ["node", "server.cjs"],
      cwd: uploadedFolder(index, fleet, bucket, key),
      restartSeconds: 1,
      stopTimeoutSeconds: 10,
      registersWith: fleet.outputs["targetGroupArns"],
    };
  });
}
