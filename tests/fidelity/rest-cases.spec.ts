import { describeCases } from "./describe-cases";
import { readRestCases } from "./rest-cases";
import { observeRest } from "./rest-observe";

describeCases({
  title: "the local gateway of REST APIs",
  areas: readRestCases(),
  counts: { recorded: 92, documented: 66, "third-party": 16, observed: 11 },
  observe: observeRest,
});
