import { useEffect, useState } from "preact/hooks";
import { faultKinds } from "../../faults/kinds";
import { act } from "./api";
import type { PageProps } from "./app";
import { clock } from "./format";

type Kind = keyof typeof faultKinds;

/** What each kind breaks. */
const kinds: Readonly<Record<Kind, string>> = {
  instance: "One server of a service",
  zone: "A zone, with all that runs in it",
  region: "A region, with its gateways and store",
  dependency: "The store of a region",
};

/** Buttons that break each part of the platform, and what is broken. */
export function Drills({ live }: PageProps) {
  const [refusal, setRefusal] = useState("");
  const { faults, drills } = live.view!;
  const doing = (work: Promise<unknown>) => {
    setRefusal("");
    work.catch((error: Error) => setRefusal(error.message));
  };
  const lasting = faults.filter(({ endedAt }) => endedAt === undefined);
  return (
    <>
      {refusal !== "" && (
        <p class="card fact bad" role="alert">
          {refusal}
        </p>
      )}
      <div class="columns">
        {(Object.keys(kinds) as Kind[]).map((kind) => (
          <Breaker key={kind} kind={kind} live={live} doing={doing} />
        ))}
      </div>
      <section class="card" aria-labelledby="broken">
        <div class="bar">
          <h2 id="broken">Broken on purpose</h2>
          {lasting.length > 0 && (
            <button type="button" onClick={() => doing(act("DELETE", "faults"))}>
              End all
            </button>
          )}
        </div>
        {faults.length === 0 && <p class="soft">Nothing yet.</p>}
        <ul class="plain">
          {[...faults].reverse().map(({ id, kind, how, service, zone, region, begunAt, endedAt }) => (
            <li key={id} class="bar">
              <span>
                {[kind, service, zone ?? region].filter(Boolean).join(" ")}, {how}
              </span>
              <span class="soft">
                {clock(Date.parse(begunAt))}
                {endedAt ? ` to ${clock(Date.parse(endedAt))}` : ""}
              </span>
              {endedAt === undefined && (
                <button type="button" onClick={() => doing(act("DELETE", `faults/${id}`))}>
                  End {id}
                </button>
              )}
            </li>
          ))}
        </ul>
      </section>
      {drills.length > 0 && (
        <section class="card" aria-labelledby="marks">
          <h2 id="marks">Drills</h2>
          <ul class="plain">
            {[...drills].reverse().map(({ id, title, phase, begunAt }) => (
              <li key={id}>
                {title}: {phase} <span class="soft">{clock(Date.parse(begunAt))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface BreakerProps extends Pick<PageProps, "live"> {
  readonly kind: Kind;
  readonly doing: (work: Promise<unknown>) => void;
}

function Breaker({ kind, live, doing }: BreakerProps) {
  const { regions, answeredBy } = live.view!;
  const services = [...new Set(regions.flatMap((each) => each.services.map(({ service }) => service)))];
  const places =
    kind === "zone"
      ? regions.flatMap((each) => each.zones.map((zone) => zone.name))
      : kind === "instance"
        ? services
        : regions.map((each) => each.name);
  const [how, setHow] = useState<string>(faultKinds[kind][0]);
  const [place, setPlace] = useState("");
  const [seconds, setSeconds] = useState("30");
  const first =
    kind === "zone" ? places.find((each) => each.startsWith(answeredBy)) : kind === "instance" ? places[0] : answeredBy;
  // A place may be gone when another configuration runs.
  useEffect(() => {
    if (!places.includes(place)) setPlace("");
  }, [places.join(), place]);
  const begin = (event: Event) => {
    event.preventDefault();
    const name = kind === "zone" ? "zone" : kind === "instance" ? "service" : "region";
    doing(act("POST", "faults", { kind, how, [name]: place || first, seconds: Number(seconds) }));
  };
  return (
    <form class="card" aria-label={kinds[kind]} onSubmit={begin}>
      <h2>{kinds[kind]}</h2>
      <div class="bar fields">
        <label>
          Where
          <select value={place || first} onChange={({ currentTarget }) => setPlace(currentTarget.value)}>
            {places.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          How
          <select value={how} onChange={({ currentTarget }) => setHow(currentTarget.value)}>
            {faultKinds[kind].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          Seconds
          <input
            type="number"
            min={1}
            max={86_400}
            required
            value={seconds}
            onInput={({ currentTarget }) => setSeconds(currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Break it
        </button>
      </div>
    </form>
  );
}
