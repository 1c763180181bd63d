import { block, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

const DAY_MS = 86_400_000;

/** The only rule that depends on the day it runs; its sentence has no age, so that it is the same on each day. */
export const imageReleaseAge: ResourceRule = {
  scope: "resource",
  name: "image-release-age",
  types: [T.launchTemplate, "aws:ec2/instance:Instance"],
  holds: "Servers start from an image release of the last 90 days, as far as a tag names the release.",
  why: "A named release gets no security updates, and Amazon removes old images one day: then no server starts.",
  mend: "test and name a newer release",
  severity: "medium",
  level: "advisory",
  ids: {},
  url: "https://docs.aws.amazon.com/linux/al2023/release-notes/relnotes.html",
  settings: {
    days: { type: "integer", description: "Age in days above which a release is old.", default: 90 },
    tag: {
      type: "string",
      description: "Tag with the release; its value contains the date as YYYYMMDD.",
      default: "image-release",
    },
    today: {
      type: "string",
      description: "Day to compare with, YYYY-MM-DD; empty: the day the pack runs, by UTC.",
      default: "",
    },
  },
  check(server, { setting, report }) {
    const release = text(block(server.props["tags"])[setting<string>("tag")]);
    const day = dayOf(release);
    if (day === undefined) return;
    const days = setting<number>("days");
    if (today(setting("today")) - day > days * DAY_MS)
      report(server, `must start from an image release of the last ${days} days, got ${show(release)}`);
  },
};

/** Returns the configured day, else the current one by UTC, in milliseconds. */
function today(configured: string): number {
  const day = Date.parse(configured === "" ? new Date().toISOString().slice(0, 10) : configured);
  if (Number.isNaN(day))
    throw new Error(
      `rule "image-release-age": today must be a day as YYYY-MM-DD, got ${show(configured)}; change it in the pack's configuration`,
    );
  return day;
}

/** Returns the day in a release such as `2023.12.20261012.0`, in milliseconds; undefined when it has none. */
function dayOf(release: string): number | undefined {
  const [, year, month, date] = /(?:^|\D)(20\d\d)(\d\d)(\d\d)(?:\D|$)/.exec(release) ?? [];
  const day = Date.parse(`${year}-${month}-${date}`);
  return Number.isNaN(day) ? undefined : day;
}
