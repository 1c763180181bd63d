import { get } from "node:http";

// The container's health check: no shell or curl is in the image.
const request = get({ host: "127.0.0.1", port: process.env["PORT"], path: "/healthz", timeout: 2_000 }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
});
request.on("timeout", () => process.exit(1));
request.on("error", () => process.exit(1));
