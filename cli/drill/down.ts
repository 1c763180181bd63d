import { UserError } from "../../graph/user-error";
import type { How } from "../../local/faults/kinds";
import { print } from "../print";
import { readState, runningConsole } from "../running-platform";
import { Control } from "./control";

/** Options of `drill --down` and `drill --up`. */
export interface DownOptions {
  readonly state: string;
  readonly how?: How;
}

/** Has a region or zone fail until it is told otherwise. @throws {UserError} when there is none, or it is down already */
export async function takeDown(place: string, { state, how }: DownOptions): Promise<void> {
  const url = runningConsole(state);
  const regions = new Set((await readState(url)).workloads.map(({ region }) => region));
  const asked = regions.has(place)
    ? { kind: "region" as const, region: place }
    : { kind: "zone" as const, zone: place };
  const fault = await new Control(url, state).begin({ ...asked, ...(how && { how }) });
  await print(`${asked.kind} ${place} is down (${fault.how}) until \`npm run drill -- --up\``);
}

/** Ends all faults, or those of one place. @throws {UserError} when nothing there fails */
export async function bringUp(place: string | undefined, { state }: DownOptions): Promise<void> {
  const control = new Control(runningConsole(state), state);
  const lasting = (await control.faults()).filter(({ endedAt }) => endedAt === undefined);
  const own = lasting.filter(({ region, zone }) => place === undefined || region === place || zone === place);
  if (own.length === 0) {
    const down = lasting.map(({ region, zone }) => zone ?? region).join(", ") || "nothing";
    throw new UserError(`${place ?? "nothing"} is not down; down: ${down}`);
  }
  for (const { id } of own) await control.end(id);
  await print(own.map(({ kind, region, zone }) => `${kind} ${zone ?? region} is up`).join("\n"));
}
