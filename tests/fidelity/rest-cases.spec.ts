import { describeCases } from "./describe-cases";
import { readRestCases } from "./rest-cases";
import { observeRest } from "./rest-observe";

describeCases({
  title: "the local gateway of REST APIs",
  areas: readRestCases(),
  counts: { recorded: 92, documented: 57, "third-party": 16, observed: 10 },
  observe: observeRest,
});
