import { describeCases } from "./describe-cases";
import { stopSharedStore } from "./events/shared-store";
import { readEventsCases } from "./events-cases";
import { observeEvents } from "./events-observe";

after(stopSharedStore);

describeCases({
  title: "the local platform's messaging",
  areas: readEventsCases(),
  counts: { recorded: 88, documented: 31 },
  page: "local-events.md",
  observe: observeEvents,
});
