import { threats } from "../soak/guards/index";
import type { Threat } from "../soak/guards/threat";

const introduction = `# Hostile inputs

What becomes of hostile input to a REST API with tenants, to gateways with several token issuers and to the private API, and the test of each. \`npm run soak -- guards\` takes every guard away
in a copy of the project, one after the other, and sees that its test fails. [Tenants](tenants.md) says how the parts belong
together. This page is made from \`tests/soak/guards/\` by \`npm run generate\`.`;

/** Returns the text of docs/threats.md. */
export function threatsPage(): string {
  const sections = Object.entries(threats).map(([topic, own]) => `## ${topic}\n\n${table(own)}`);
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

function table(own: readonly Threat[]): string {
  const rows = own.map(({ input, result, test: { spec, title } }) => [input, result, `\`${spec}\`: ${title}`]);
  const lines = [["input", "result", "test"], ["---", "---", "---"], ...rows].map((cells) => {
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return lines.join("\n").replace("| --- | --- | --- |", "|---|---|---|");
}
