import { UserError } from "../../graph/user-error";
import { camelName } from "./names";

/** File that lists every service. */
export const catalogFile = "apps/catalog.ts";

const importLine = /^import .* from "(\.\/[^"]+)";$/;

/**
 * Returns the catalog's text with one service more: an import, in the order of paths, and the last line of the list.
 * @param like  service that it is a copy of, whose contract is code or a file @default one whose contract is code
 */
export function withService(text: string, service: string, like?: string): string {
  const lines = text.split("\n");
  // The contract of a service in another language is a file, not code.
  const fromFile = like !== undefined && lines.some((line) => importLine.exec(line)?.[1] === `./${like}/openapi.json`);
  const path = `./${service}/${fromFile ? "openapi.json" : "contract"}`;
  const imports = lines.flatMap((line, i) => {
    const imported = importLine.exec(line)?.[1];
    return imported === undefined ? [] : [{ i, imported }];
  });
  const listEnd = lines.findIndex((line) => line.startsWith("} as const satisfies "));
  const last = imports.at(-1);
  if (last === undefined || listEnd < last.i) throw unreadable(`add the line of ${service} by hand`);
  const place = imports.find(({ imported }) => imported > path)?.i ?? last.i + 1;
  const key = service.includes("-") ? `"${service}"` : service;
  const name = camelName(service);
  lines.splice(listEnd, 0, fromFile ? `  ${key}: openApiService(${name}),` : `  ${key}: ${name},`);
  lines.splice(place, 0, fromFile ? `import ${name} from "${path}";` : `import { ${name} } from "${path}";`);
  return lines.join("\n");
}

/** Returns the catalog's text without a service. @throws {UserError} when its lines have another form */
export function withoutService(text: string, service: string): string {
  const lines = text.split("\n");
  const kept = lines.filter((line) => !isOf(service, line));
  if (kept.length !== lines.length - 2) throw unreadable(`take the lines of ${service} out by hand`);
  return kept.join("\n");
}

function isOf(service: string, line: string): boolean {
  const imported = importLine.exec(line)?.[1];
  const isEntry = new RegExp(`^ {2}"?${service}"?: (\\w+|openApiService\\(\\w+\\)),$`).test(line);
  return imported === `./${service}/contract` || imported === `./${service}/openapi.json` || isEntry;
}

function unreadable(fix: string): UserError {
  return new UserError(
    `${catalogFile} must have an import and a line per service, as it was written, got another form; ${fix}`,
  );
}
