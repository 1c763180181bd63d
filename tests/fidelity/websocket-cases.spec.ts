import { describeCases } from "./describe-cases";
import { readWebSocketCases } from "./websocket-cases";
import { observeWebSocket } from "./websocket-observe";

describeCases({
  title: "the local WebSocket API",
  areas: readWebSocketCases(),
  counts: { observed: 5, documented: 13 },
  page: "live-changes.md",
  observe: observeWebSocket,
});
