import { createReadStream, readdirSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, sep } from "node:path";
import { pipeline } from "node:stream";

/** By the path of a script or style, the file that holds it compressed, and its size in bytes. */
export type PackedParts = ReadonlyMap<string, { file: string; bytes: number }>;

const types: Readonly<Record<string, string>> = {
  js: "application/javascript; charset=UTF-8",
  css: "text/css; charset=UTF-8",
};

/** What the build compressed below a folder that is served under `prefix`. */
export function packedPartsOf(folder: string, prefix: string): PackedParts {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".br"));
  return new Map(
    names.map((name) => {
      const file = join(folder, name);
      const path = name.slice(0, -".br".length).split(sep).join("/");
      return [`${prefix}/${path}`, { file, bytes: statSync(file).size }];
    }),
  );
}

const readsBrotli = (header = ""): boolean => /(^|,)\s*br\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$)))/i.test(header);

/** Answers with a compressed part, where one is asked for whole and can be read. False: it is left to Next. */
export function sendPacked(request: IncomingMessage, response: ServerResponse, parts: PackedParts): boolean {
  const { method = "", url = "", headers } = request;
  const [path = ""] = url.split("?", 1);
  const part = parts.get(path);
  if (part === undefined || !["GET", "HEAD"].includes(method)) return false;
  if (headers.range !== undefined || !readsBrotli(headers["accept-encoding"])) return false;
  response.setHeader("content-type", types[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream");
  response.writeHead(200, {
    "content-encoding": "br",
    "content-length": part.bytes,
    // Its name changes with its content.
    "cache-control": "public, max-age=31536000, immutable",
    vary: "Accept-Encoding",
  });
  if (method === "HEAD") response.end();
  // A reader that goes away, or a file that does, ends the answer: its length tells the browser that it is not whole.
  else pipeline(createReadStream(part.file), response, () => undefined);
  return true;
}
