import type { Rule } from "../pack/rule";
import * as availability from "./availability";
import * as services from "./services";

/** Every rule of the pack: those of AWS services, then those of availability. A file exports its array and nothing else. */
export const rules: readonly Rule[] = [services, availability].flatMap((files) =>
  Object.values<readonly Rule[]>(files).flat(),
);
