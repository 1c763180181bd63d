import { describeCases } from "./describe-cases";
import { readRestCases } from "./rest-cases";
import { observeRest } from "./rest-observe";

describeCases({
  title: "the local gateway of REST APIs",
  areas: readRestCases(),
  counts: { recorded: 96, documented: 81, "third-party": 16, observed: 11 },
  observe: observeRest,
});
