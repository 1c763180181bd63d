import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Files } from "../bundler/store";

/** Starts the page: it shows the document next to it, of the same gateway and stage. */
const start = `SwaggerUIBundle({
  url: new URL("openapi.json", document.baseURI).href,
  dom_id: "#reference",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  // Else the library sends the document's address to a validator of its maker.
  validatorUrl: "none",
});
`;

const style = `body { margin: 0; }
#reference { max-width: 1460px; margin: 0 auto; }
/* Tables and examples of code scroll by themselves on a narrow screen. */
.swagger-ui .wrapper { max-width: 100%; box-sizing: border-box; }
.swagger-ui .opblock-body, .swagger-ui .model-box { overflow-x: auto; }
`;

/**
 * Returns the files of the page that shows the documents, by their path in the artifact. The names of scripts and styles
 * have the hash of what is in them, so that browsers may keep them.
 */
export function pageFiles(): Files {
  const library = (name: string) => readFileSync(require.resolve(`swagger-ui-dist/${name}`));
  const files = [
    named("swagger-ui.css", library("swagger-ui.css")),
    named("page.css", Buffer.from(style)),
    named("swagger-ui.js", library("swagger-ui-bundle.js")),
    named("page.js", Buffer.from(start)),
  ];
  return {
    ...Object.fromEntries(files.map(({ name, content }) => [`docs/${name}`, content])),
    "docs/index.html": html(files.map(({ name }) => name)),
  };
}

function named(name: string, content: Buffer) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return { name: name.replace(/\.(\w+)$/, `-${hash}.$1`), content };
}

/** Addresses are relative to `/docs`, which may be below the base path of a stage. */
function html(names: readonly string[]): string {
  const links = names
    .filter((name) => name.endsWith(".css"))
    .map((name) => `<link rel="stylesheet" href="docs/${name}">`);
  const scripts = names
    .filter((name) => name.endsWith(".js"))
    .map((name) => `<script defer src="docs/${name}"></script>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
<link rel="icon" href="data:,">
${[...links, ...scripts].join("\n")}
</head>
<body>
<main id="reference"><noscript>This page needs JavaScript; the document is at <a href="openapi.json">openapi.json</a>.</noscript></main>
</body>
</html>
`;
}
