import { type Artifact, routeUrl } from "@basin/contracts";
import { formatBytes, RelativeTime } from "@basin/ui";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";

export function ArtifactsTable({ artifacts }: { artifacts: readonly Artifact[] }) {
  if (artifacts.length === 0) return <p className={tables.empty}>None yet.</p>;
  return (
    <ScrollTable label="Artifacts">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col" className={tables.right}>
            Size
          </th>
          <th scope="col" className={tables.right}>
            Attempt
          </th>
          <th scope="col">Made</th>
          <th scope="col">SHA-256</th>
        </tr>
      </thead>
      <tbody>
        {artifacts.map((artifact) => (
          <tr key={artifact.id}>
            <td>
              <a href={routeUrl("", "getArtifactContent", { params: { artifact: artifact.id } })} download={artifact.name}>
                {artifact.name}
              </a>
            </td>
            <td>{artifact.kind}</td>
            <td className={tables.right}>{formatBytes(artifact.bytes)}</td>
            <td className={tables.right}>{artifact.attempt}</td>
            <td>
              <RelativeTime time={artifact.createdAt} />
            </td>
            <td title={artifact.sha256}>
              <code>{artifact.sha256.slice(0, 12)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
