import { get } from "node:http";

// The container's health check is a program of its own, because the image has no shell and no curl.
const request = get({ host: "127.0.0.1", port: process.env["PORT"], path: "/healthz", timeout: 2_000 }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
});
request.on("timeout", () => process.exit(1));
request.on("error", () => process.exit(1));
