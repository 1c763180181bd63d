/** Limits of a tenant's tier. */
export interface TierLimits {
  /** Requests a second, and how many at once. */
  readonly rate: number;
  readonly burst: number;
  /** @default the tier has no quota */
  readonly quota?: { readonly requests: number; readonly per: string };
}

/** What a tenant may do, and has done of it. */
export interface Figure extends TierLimits {
  /** Requests of the present period that count against the quota. @default unset, without a quota */
  readonly used?: number;
  /** When API Gateway was asked, in milliseconds since 1970. */
  readonly asOf: number;
}

/** Whose figure it is, and where it counts. */
export interface Asked {
  readonly tenant: string;
  readonly tier: string;
  readonly apiId: string;
  readonly stage: string;
}

/** Milliseconds that a figure is answered before API Gateway is asked again. */
export const freshMs = 60_000;

/** The figures of all execution environments of a region. */
export interface Figures {
  get(key: string): Promise<Figure | undefined>;
  /** Takes the right to ask, once in `freshMs`. @returns false when another one has taken it since */
  claim(key: string, now: number): Promise<boolean>;
  put(key: string, figure: Figure): Promise<void>;
}

/** What `currentFigure` needs. */
export interface FigureParts {
  readonly figures: Figures;
  /** Asks API Gateway. */
  readonly ask: (asked: Asked) => Promise<Omit<Figure, "asOf">>;
  readonly onFailure: (error: unknown) => void;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * Returns a tenant's figure, a minute old at most where API Gateway answers. Calls of its management API are few for a whole
 * account, so that of all execution environments one asks, once a minute for a tenant and tier; who comes meanwhile gets the
 * figure of before.
 * @returns undefined while the first figure is not there
 */
export async function currentFigure(parts: FigureParts, asked: Asked): Promise<Figure | undefined> {
  const { figures, ask, onFailure, now = Date.now } = parts;
  const key = `${asked.tenant}#${asked.tier}`;
  const known = await figures.get(key);
  const at = now();
  if (known !== undefined && at - known.asOf < freshMs) return known;
  if (!(await figures.claim(key, at))) return known;
  try {
    const figure = { ...(await ask(asked)), asOf: at };
    await figures.put(key, figure);
    return figure;
  } catch (error) {
    onFailure(error);
    return known;
  }
}
