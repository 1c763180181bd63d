import { z } from "zod";
import { count } from "./count";

const kind = (description: string) => z.boolean().optional().describe(description);

/** Schema of the experiments that people can start on AWS. */
export const experimentsSchema = z
  .strictObject({
    minutes: count(
      5,
      60,
      "Minutes that a fault lasts. An alarm ends the experiment earlier when more fails than should.",
    ),
    instance: kind("Whether there is an experiment for each service with servers, which takes one server away."),
    zone: kind("Whether there is an experiment for each zone, which cuts the zone off."),
    dependency: kind("Whether there is an experiment by which servers get no answer from DynamoDB; with two regions."),
    region: kind(
      "Whether there is an experiment that cuts off all servers, and stops the tables' replication; with two regions.",
    ),
  })
  .optional()
  .describe(
    "Templates of AWS Fault Injection Service in each region, each with an alarm that ends it. People start them; nothing else does. A template costs nothing, a run by action and minute. Without this key there are none.",
  );
