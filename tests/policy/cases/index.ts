import { availabilityRegionsCases } from "./availability-regions";
import { availabilityServersCases } from "./availability-servers";
import { computeCases } from "./compute";
import { dataCases } from "./data";
import { databaseCases } from "./databases";
import { edgeCases } from "./edge";
import { eventCases } from "./events";
import { identityCases } from "./identity";
import { messageCases } from "./messages";
import { networkCases } from "./network";
import { restCases } from "./rest";

/** One mutation for each rule of the pack. */
export const cases = {
  ...networkCases,
  ...computeCases,
  ...edgeCases,
  ...restCases,
  ...dataCases,
  ...databaseCases,
  ...eventCases,
  ...messageCases,
  ...identityCases,
  ...availabilityServersCases,
  ...availabilityRegionsCases,
};
