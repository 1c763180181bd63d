import { describeCases } from "./describe-cases";
import { readEventsCases } from "./events-cases";
import { observeEvents } from "./events-observe";

describeCases({
  title: "the local platform's messaging",
  areas: readEventsCases(),
  counts: { recorded: 63, documented: 14 },
  observe: observeEvents,
});
