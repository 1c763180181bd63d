/** One request of the curve. */
export interface Sample {
  /** Whether it was answered, and not by a failure. */
  readonly ok: boolean;
  readonly milliseconds: number;
  /** Region that answered, where the answer says so. */
  readonly region?: string;
}

/** Samples that the curve shows. */
export const sampleCount = 60;

/** Returns the samples with one more, without the oldest that no longer fit. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...samples, sample].slice(-sampleCount);
}

/** A piece of the curve: samples after each other that one region answered. */
export interface Stretch {
  readonly region: string | undefined;
  /** Places of the samples, as x and y from 0 to 1; y grows downwards. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Returns the curve in pieces: it breaks where a request failed, and changes where another region answers. */
export function stretchesOf(samples: readonly Sample[], ceiling = ceilingOf(samples)): Stretch[] {
  const stretches: { region: string | undefined; points: [number, number][] }[] = [];
  let open: (typeof stretches)[number] | undefined;
  for (const [i, { ok, milliseconds, region }] of samples.entries()) {
    if (!ok) {
      open = undefined;
      continue;
    }
    if (open === undefined || open.region !== region) {
      open = { region, points: [] };
      stretches.push(open);
    }
    open.points.push([placeOf(i, samples.length), 1 - Math.min(1, milliseconds / ceiling)]);
  }
  return stretches;
}

/** Returns where failed requests are, from 0 to 1. */
export function failuresOf(samples: readonly Sample[]): number[] {
  return samples.flatMap(({ ok }, i) => (ok ? [] : [placeOf(i, samples.length)]));
}

/** The newest sample is at the right. */
function placeOf(index: number, length: number): number {
  return (sampleCount - length + index) / (sampleCount - 1);
}

/** Returns the top of the scale: a round number above the slowest answer. */
export function ceilingOf(samples: readonly Sample[]): number {
  const slowest = Math.max(10, ...samples.filter(({ ok }) => ok).map(({ milliseconds }) => milliseconds));
  const unit = 10 ** Math.floor(Math.log10(slowest));
  return [1, 2, 5, 10].map((factor) => factor * unit).find((round) => round >= slowest)!;
}

/** Says the samples in words, for who does not see the curve. @example "12 answers, median 8 ms, no failure" */
export function summaryOf(samples: readonly Sample[]): string {
  if (samples.length === 0) return "Waiting for the first answer";
  const answered = samples.filter(({ ok }) => ok).map(({ milliseconds }) => milliseconds);
  const failed = samples.length - answered.length;
  const median = answered.toSorted((a, b) => a - b)[Math.floor(answered.length / 2)];
  const regions = [...new Set(samples.flatMap(({ region }) => (region === undefined ? [] : [region])))];
  return [
    `${answered.length} ${answered.length === 1 ? "answer" : "answers"}`,
    ...(median === undefined ? [] : [`median ${Math.round(median)} ms`]),
    failed === 0 ? "no failure" : `${failed} ${failed === 1 ? "failure" : "failures"}`,
    ...(regions.length === 0 ? [] : [`from ${regions.join(", then ")}`]),
  ].join(", ");
}
