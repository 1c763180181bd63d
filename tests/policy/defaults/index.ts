import { accessDefaults } from "./access";
import { correctedDefaults } from "./corrections";
import { dataDefaults } from "./data";
import type { Default } from "./default";
import { trafficDefaults } from "./traffic";

export type { Default } from "./default";

/** By what the program is, so that each title says it. */
export const defaults: Readonly<Record<string, Default>> = {
  ...accessDefaults,
  ...correctedDefaults,
  ...dataDefaults,
  ...trafficDefaults,
};
