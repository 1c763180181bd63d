import { type PatternName, patternNames } from "../../infra/compute/registry";
import { type PlatformConfig, patternKeys } from "./schema";

/** Keys of a service that some patterns do not read, by pattern. Every other pattern reads them. */
const unread: Readonly<Partial<Record<PatternName, readonly string[]>>> = {
  lambda: ["capacity.peak", "capacity.max", "scaling.cpuPercent"],
};

/**
 * Returns the patterns that would read a value of a service, when the chosen pattern does not.
 * @param path  of the value @example "services.food-store.ecs.ingress"
 * @returns none when the chosen pattern reads it, or when it is no value of a service
 */
export function waitsFor(path: string, { services }: Pick<PlatformConfig, "services">): readonly PatternName[] {
  const [, name, key] = /^services\.([^.]+)\.(.+)$/.exec(path) ?? [];
  const service = name !== undefined && Object.hasOwn(services, name) ? services[name] : undefined;
  if (service === undefined || key === undefined) return [];
  const readers = patternNames.filter((pattern) => reads(pattern, key));
  return readers.includes(service.pattern) ? [] : readers;
}

/** Tells whether a pattern reads a key of a service. */
function reads(pattern: PatternName, key: string): boolean {
  const [group] = key.split(".");
  if (group !== undefined && Object.hasOwn(patternKeys, group)) return group === pattern;
  return !unread[pattern]?.includes(key);
}
