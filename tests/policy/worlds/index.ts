import { stores } from "./data";
import { databases } from "./databases";
import { events } from "./events";
import { identity, site } from "./front";
import { functions, inside, publicEdge, rest } from "./functions";
import { regions } from "./regions";
import { beanstalk, ec2, ecs } from "./servers";

/** Programs that no rule has anything to say about. */
export const worlds = {
  beanstalk,
  databases,
  ec2,
  ecs,
  events,
  functions,
  identity,
  inside,
  publicEdge,
  regions,
  rest,
  site,
  stores,
};
export type WorldName = keyof typeof worlds;
