/** Counts of one service in one region. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
}

/** Servers that still carry the peak when one of the zones is lost. */
export function minimumServers(peak: number, zones: number): number {
  return zones * Math.ceil(peak / (zones - 1));
}

/**
 * How many servers a service keeps so that it still carries its peak when one zone is lost, without launching any:
 * zones x ceil(peak / (zones - 1)).
 * @param service  named in errors
 * @param peak     servers needed at peak, 1 or more
 * @param max      most servers config allows
 * @throws {RangeError} on fewer than two zones, or a maximum that leaves scaling less than half of the minimum
 */
export function capacityFor(service: string, zones: number, peak: number, max: number): Capacity {
  checkZones(service, zones);
  checkCount(service, "capacity.peak", peak);
  checkCount(service, "capacity.max", max);
  const min = minimumServers(peak, zones);
  const least = Math.ceil(1.5 * min);
  if (max < least) {
    throw new RangeError(
      `service "${service}": capacity.max must be at least ${least} (1.5 x the minimum of ${min} for a peak of ${peak} over ${zones} zones), got ${max}; raise capacity.max or lower capacity.peak`,
    );
  }
  return { min, max };
}

/** Highest average utilisation, percent, at which the other zones can take a lost zone's load and stay below 90 %. */
export function utilisationCap(zones: number): number {
  return Math.floor((90 * (zones - 1)) / zones);
}

/**
 * The target a scaler tracks: config's wish, held below the cap.
 * @throws {RangeError} on fewer than two zones or a wish outside 1-100
 */
export function targetUtilisation(service: string, zones: number, percent: number): number {
  checkZones(service, zones);
  if (!(percent >= 1 && percent <= 100)) {
    throw new RangeError(`service "${service}": scaling target must be 1-100 percent, got ${percent}`);
  }
  return Math.min(percent, utilisationCap(zones));
}

function checkZones(service: string, zones: number): void {
  if (Number.isInteger(zones) && zones >= 2) return;
  throw new RangeError(
    `service "${service}": needs at least 2 zones to survive the loss of one, got ${zones}; add zones`,
  );
}

function checkCount(service: string, key: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`service "${service}": ${key} must be a whole number from 1, got ${value}`);
}
