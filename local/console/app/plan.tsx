import { useState } from "preact/hooks";
import type { PlanRow } from "../planned";
import { useRead } from "./api";
import { Search } from "./search";

const shown = 200;

/** The plan's resources as a tree, and one of them with its inputs. */
export function Plan() {
  const rows = useRead("plan", {}, 0);
  const [text, setText] = useState("");
  const [urn, setUrn] = useState("");
  const wanted = text.toLowerCase();
  const found =
    wanted === "" ? [] : (rows ?? []).filter((row) => `${row.type} ${row.name}`.toLowerCase().includes(wanted));
  const roots = (rows ?? []).filter(({ parent }) => parent === undefined || !rows!.some((each) => each.urn === parent));
  return (
    <div class="columns">
      <section class="card" aria-labelledby="tree">
        <div class="bar">
          <h2 id="tree">{rows?.length ?? 0} resources</h2>
          <Search label="Type or name" text={text} search={setText} />
        </div>
        {wanted !== "" && found.length === 0 && <p class="soft">No resource has this text in its type or name.</p>}
        <ul class="tree">
          {wanted === ""
            ? roots.map((row) => <Branch key={row.urn} row={row} rows={rows!} choose={setUrn} open />)
            : found.slice(0, shown).map((row) => <Leaf key={row.urn} row={row} choose={setUrn} />)}
        </ul>
        {found.length > shown && <p class="soft">and {found.length - shown} more</p>}
      </section>
      <Resource urn={urn} />
    </div>
  );
}

interface BranchProps {
  readonly row: PlanRow;
  readonly rows: readonly PlanRow[];
  readonly choose: (urn: string) => void;
  readonly open?: boolean;
}

/** A resource with what is below it, which is drawn when it is opened. */
function Branch({ row, rows, choose, open = false }: BranchProps) {
  const [opened, setOpened] = useState(open);
  const below = rows.filter(({ parent }) => parent === row.urn);
  if (below.length === 0) return <Leaf row={row} choose={choose} />;
  return (
    <li>
      <button type="button" class="fold" aria-expanded={opened} onClick={() => setOpened(!opened)}>
        <span class="hidden">what is in {row.name}</span>
      </button>
      <Name row={row} choose={choose} /> <span class="soft">{below.length}</span>
      {opened && (
        <ul class="tree">
          {below.map((each) => (
            <Branch key={each.urn} row={each} rows={rows} choose={choose} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Leaf({ row, choose }: Pick<BranchProps, "row" | "choose">) {
  return (
    <li class="leaf">
      <Name row={row} choose={choose} />
    </li>
  );
}

function Name({ row: { urn, type, name }, choose }: Pick<BranchProps, "row" | "choose">) {
  return (
    <button type="button" class="link" onClick={() => choose(urn)}>
      {name} <span class="soft">{type}</span>
    </button>
  );
}

function Resource({ urn }: { readonly urn: string }) {
  const resource = useRead("resource", { urn }, 0);
  return (
    <section class="card" aria-labelledby="resource" aria-live="polite">
      <h2 id="resource">{resource?.name ?? "Resource"}</h2>
      {resource ? (
        <>
          <p class="soft">
            {resource.type} {resource.region}
          </p>
          <pre>{JSON.stringify(resource.inputs, null, 2)}</pre>
          {resource.dependencies.length > 0 && (
            <details>
              <summary>depends on {resource.dependencies.length}</summary>
              <ul class="plain">
                {resource.dependencies.map((each) => (
                  <li key={each}>{each.split("::").slice(-2).join(" ")}</li>
                ))}
              </ul>
            </details>
          )}
        </>
      ) : (
        <p class="soft">Choose a resource to see its inputs. Secrets are hidden.</p>
      )}
    </section>
  );
}
