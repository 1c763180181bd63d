import { catalog } from "../../apps/catalog";
import { ledgerOf, outside } from "../../graph/ledger/ledger";
import { passes, renderLedger, renderOutside } from "../../graph/ledger/render";
import type { Graph } from "../../graph/model";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { exactRoutesOf } from "../../stacks/config/exact-routes";
import { withOutsideContracts } from "../../stacks/config/outside-images";
import { privateDomain } from "../../stacks/config/private-domain";
import { rawConfig } from "../../stacks/config/raw";
import { parseConfig } from "../../stacks/config/read";
import { parseStackName } from "../../stacks/stack-name";
import { EXIT } from "../errors";
import { print } from "../print";

/** Options of `plan --ledger`. */
interface LedgerOptions {
  /** Print one JSON document. */
  readonly json?: boolean;
  /** Print what is outside the region alone, and fail when a reason is missing. */
  readonly gate?: boolean;
}

/** Runs `plan --ledger`: prints the calls that a plan needs, and with --gate fails on what no reason is given for. */
export async function printLedger(graph: Graph, { json, gate }: LedgerOptions): Promise<void> {
  const { environment } = parseStackName(graph.stack);
  const { project, config } = readProject(projectRoot, environment);
  const read = parseConfig(rawConfig(project, config), environment, catalog);
  const ledger = ledgerOf(
    graph,
    read.outside,
    [privateDomain(read)],
    exactRoutesOf(read, withOutsideContracts(catalog, read)),
  );
  const document = { ...ledger, outside: outside(ledger.entries), passed: passes(ledger) };
  if (json) await print(JSON.stringify(document, null, 2));
  else await print(gate ? renderOutside(ledger).join("\n") : renderLedger(ledger));
  if (gate && !document.passed) process.exitCode = EXIT.failure;
}
