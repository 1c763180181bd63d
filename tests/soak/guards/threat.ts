/** A change of one file: `text`, which is in it once, is replaced. */
export interface Edit {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** A hostile input, what becomes of it, the test of that, and what makes the test fail. */
export interface Threat {
  readonly input: string;
  readonly result: string;
  readonly test: ThreatTest;
  /** Each takes a guard away, by several changes where there are several guards against the same; the test must then fail. */
  readonly removals: readonly (readonly Edit[])[];
}

/** A test, by its file and a part of its title. */
export interface ThreatTest {
  readonly spec: string;
  readonly title: string;
}

/** Returns the function that names a test of a spec. */
export function testsOf(spec: string): (title: string) => ThreatTest {
  return (title) => ({ spec, title });
}

/** Returns the function that makes changes of a file. */
export function editsOf(file: string): (text: string, by: string) => Edit {
  return (text, by) => ({ file, text, by });
}
