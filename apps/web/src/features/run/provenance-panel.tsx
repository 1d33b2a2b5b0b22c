import type { Provenance } from "@basin/contracts";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import css from "./run.module.css";

/** Where the numbers of the newest attempt come from: code, command line, machine, packages. */
export function ProvenancePanel({ provenance }: { provenance: Provenance | null }) {
  if (!provenance || Object.keys(provenance).length === 0) return null;
  const {
    gitCommit,
    gitDirty,
    gitRemote,
    commandLine,
    workingDirectory,
    language,
    host,
    device,
    client,
    packages = {},
  } = provenance;
  const state = gitDirty === undefined ? "" : gitDirty ? ", with changes that were not committed" : ", nothing changed since";
  const rows: [string, string | undefined][] = [
    ["Commit", gitCommit && `${gitCommit.slice(0, 12)}${state}`],
    ["Repository", gitRemote],
    ["Command line", commandLine],
    ["Folder", workingDirectory],
    ["Language", language],
    ["Host", host],
    ["Device", device],
    ["Client", client],
  ];
  const names = Object.keys(packages).sort();
  return (
    <Panel title="Provenance" note="of the newest attempt">
      <table className={tables.table}>
        <tbody>
          {rows.map(([name, text]) =>
            text === undefined || text === "" ? null : (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={tables.wrap} style={{ minWidth: 0 }} title={name === "Commit" ? gitCommit : undefined}>
                  {text}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
      {names.length > 0 && (
        <details>
          <summary>{names.length === 1 ? "1 package" : `${names.length} packages`}</summary>
          <pre className={css.code} tabIndex={0} role="region" aria-label="Packages">
            {names.map((name) => `${name}==${packages[name] ?? ""}`).join("\n")}
          </pre>
        </details>
      )}
    </Panel>
  );
}
