import { useState } from "preact/hooks";
import type { PlanRoute } from "../planned";
import { act, useRead } from "./api";
import { milliseconds } from "./format";
import { pretty } from "./requests";

/** What a request that was tried has been answered. */
interface Tried {
  readonly status: number;
  readonly ms: number;
  readonly servedBy: string | null;
  readonly requestId: string | null;
  readonly body: string;
}

/** Sends a request to any route, signed in or out, as a client at the global name would. */
export function Try() {
  const routes = useRead("routes", {}, 0) ?? [];
  const [chosen, setChosen] = useState(0);
  const [path, setPath] = useState<string>();
  const [body, setBody] = useState("{}");
  const [signedIn, setSignedIn] = useState(true);
  const [answer, setAnswer] = useState<Tried | string>();
  const route = routes[chosen];
  const written = path ?? exampleOf(route);
  const hasBody = route !== undefined && !["GET", "DELETE", "HEAD"].includes(methodOf(route));
  const submit = async (event: Event) => {
    event.preventDefault();
    setAnswer("sent");
    setAnswer(await send(route!, written, signedIn, hasBody ? body : undefined).catch((error: Error) => error.message));
  };
  return (
    <div class="columns">
      <form class="card" aria-label="Request" onSubmit={submit}>
        <label>
          Route
          <select
            value={chosen}
            onChange={({ currentTarget }) => {
              setChosen(Number(currentTarget.value));
              setPath(undefined);
            }}
          >
            {routes.map(({ method, path }, i) => (
              <option key={method + path} value={i}>
                {method} {path}
              </option>
            ))}
          </select>
        </label>
        <label>
          Path
          <input value={written} onInput={({ currentTarget }) => setPath(currentTarget.value)} />
        </label>
        {hasBody && (
          <label>
            Body
            <textarea rows={8} value={body} onInput={({ currentTarget }) => setBody(currentTarget.value)} />
          </label>
        )}
        <label class="check">
          <input
            type="checkbox"
            checked={signedIn}
            onChange={({ currentTarget }) => setSignedIn(currentTarget.checked)}
          />{" "}
          signed in, in every group
        </label>
        <p class="soft">{route?.open ? "Needs no token." : `Needs ${route?.scopes.join(" or ") || "a token"}.`}</p>
        <button type="submit" class="primary" disabled={route === undefined}>
          Send
        </button>
      </form>
      <section class="card" aria-labelledby="answer" aria-live="polite">
        <h2 id="answer">Answer</h2>
        {answer === undefined && <p class="soft">Nothing was sent yet.</p>}
        {typeof answer === "string" && <p class="soft">{answer}</p>}
        {typeof answer === "object" && (
          <>
            <p data-status={answer.status}>
              <strong class={answer.status >= 500 ? "bad" : ""}>{answer.status}</strong> after {milliseconds(answer.ms)}{" "}
              <span class="soft">{answer.servedBy ?? ""}</span>
            </p>
            {answer.requestId && (
              <p>
                <a href={`#/requests/${encodeURIComponent(answer.requestId)}`}>What it did</a>
              </p>
            )}
            <pre>{pretty(answer.body)}</pre>
          </>
        )}
      </section>
    </div>
  );
}

/** A route of any method is asked by GET. */
function methodOf({ method }: PlanRoute): string {
  return method === "ANY" ? "GET" : method;
}

function exampleOf(route: PlanRoute | undefined): string {
  return (route?.path ?? "").replace(/\{\w+\+?\}/g, "example-1");
}

async function send(route: PlanRoute, path: string, signedIn: boolean, body: string | undefined): Promise<Tried> {
  const authorization = signedIn ? `Bearer ${(await act<{ accessToken: string }>("POST", "sign-in")).accessToken}` : "";
  const startedAt = performance.now();
  const answer = await fetch(new URL(path, location.origin), {
    method: methodOf(route),
    headers: {
      accept: "application/json",
      ...(authorization === "" ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const { status, headers } = answer;
  const text = await answer.text();
  return {
    ...{ status, ms: performance.now() - startedAt, body: text },
    ...{ servedBy: headers.get("x-served-by"), requestId: headers.get("apigw-requestid") },
  };
}
