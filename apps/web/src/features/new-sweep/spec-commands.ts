import { writeSpec } from "./spec-text";

/** A here-document of the shell that holds the text unchanged. */
function hereDocument(text: string, word: string): string {
  const lines = text.split("\n");
  let end = word;
  while (lines.includes(end)) end += "_";
  return `<<'${end}'\n${text}${text.endsWith("\n") ? "" : "\n"}${end}`;
}

/** What submits this spec from the folder of Basin, without a file. */
export const cliCommand = (spec: object): string =>
  `npm run --silent basin -- sweep submit - --watch ${hereDocument(writeSpec(spec, "yaml"), "SWEEP")}`;

/** What submits this spec from anywhere that reaches the dashboard. With `token`, BASIN_TOKEN of the shell is sent. */
export function curlCommand(spec: object, origin: string, token: boolean): string {
  const authorization = token ? ' \\\n  -H "authorization: Bearer $BASIN_TOKEN"' : "";
  const body = hereDocument(writeSpec(spec, "json"), "SWEEP");
  return `curl -sS -X POST ${origin}/api/v1/sweeps \\\n  -H 'content-type: application/json'${authorization} \\\n  --data-binary @- ${body}`;
}
