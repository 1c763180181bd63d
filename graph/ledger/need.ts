/** What a call is needed for, in the order of the table. */
export const purposes = ["serve", "fail over", "scale", "replace", "sign in", "deploy"] as const;
/** What a call is needed for. */
export type Purpose = (typeof purposes)[number];

/**
 * Where a call is answered: by a region, by a data plane that has no single region, by a host outside AWS, or by a place
 * that the plan does not tell.
 */
export type Place =
  | { readonly kind: "region"; readonly name: string }
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "host"; readonly name: string }
  | { readonly kind: "unknown"; readonly name: string };

/** A call that one resource of the plan needs. */
export interface Need {
  readonly purposes: readonly Purpose[];
  /** Service that is called. @example "Amazon SQS" */
  readonly service: string;
  /** What is called for, in words. @example "answers private names" */
  readonly call: string;
  readonly plane: "data" | "control";
  readonly place: Place;
  /** Page of AWS's documentation that says who answers. */
  readonly source: string;
  /** Why work goes on without the call; missing when it does not. */
  readonly soft?: string;
}

/** Returns a region as a place. */
export function inRegion(name: string): Place {
  return { kind: "region", name };
}

/** Tells whether a call of a region is answered in that region. */
export function isInside(place: Place, region: string): boolean {
  return place.kind === "region" && place.name === region;
}

/** One line of the ledger: a call that a region needs for a purpose. */
export interface LedgerEntry {
  readonly purpose: Purpose;
  /** Region that needs the call. */
  readonly region: string;
  readonly service: string;
  readonly call: string;
  readonly plane: Need["plane"];
  readonly answeredBy: Place;
  readonly source: string;
  /** Names of the resources that need it, sorted. */
  readonly resources: readonly string[];
  /** Why work goes on without the call; missing when it does not. */
  readonly soft?: string;
  /** Why it may be outside the region; missing inside, and where no reason is known. */
  readonly accepted?: string;
}
