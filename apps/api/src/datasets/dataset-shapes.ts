import type { Space } from "@basin/contracts";
import { readDatasets, type Database } from "@basin/database";
import { datasetsOf, type DatasetShapes, type ExperimentDefinition } from "@basin/problems";

/** The shapes of the datasets that the configurations of a space name, of those that there are. */
export async function shapesOfDatasets(
  database: Database,
  definition: ExperimentDefinition,
  space: Space,
): Promise<DatasetShapes> {
  const ids = datasetsOf(definition, space);
  const known = ids.length === 0 ? [] : await readDatasets(database, ids, null);
  return (id) => known.find((one) => one.id === id);
}
