import type { Graph } from "../model";

/** Writes which experiments people can start on AWS, by region, as a line. */
export function renderExperiments({ resources }: Graph): string[] {
  const templates = resources.filter(({ type }) => type === "aws:fis/experimentTemplate:ExperimentTemplate");
  const regions = [...new Set(templates.map(({ region }) => region))].sort();
  return regions.map((region) => {
    const prefix = `${region}-experiments-`;
    const names = templates
      .filter((each) => each.region === region)
      .map(({ name }) => name.replace(prefix, "").replace(/-template$/, ""))
      .sort();
    return `experiments in ${region}, each ended by an alarm: ${names.join(", ")}`;
  });
}
