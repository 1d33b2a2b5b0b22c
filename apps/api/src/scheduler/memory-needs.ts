import { Database, PacksRepository, readDatasets, type ActiveSweep } from "@basin/database";
import type { MemoryNeed } from "@basin/domain";
import { estimatePackMemory, type ExperimentDefinition } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";

/** Keys are kept until there are so many; then it is begun anew. */
const mostKeys = 20_000;

/** What packs of a key are estimated to take, from one configuration of theirs. Used by the leader only. */
@Injectable()
export class MemoryNeeds {
  readonly #byKey = new Map<string, MemoryNeed | null>();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PacksRepository) private readonly packs: PacksRepository,
  ) {}

  /** Null: nothing is known; undefined: it was not estimated yet. */
  of(packKey: string): MemoryNeed | null | undefined {
    return this.#byKey.get(packKey);
  }

  /** Estimates what pending runs of the sweep with these keys need. */
  async estimate(sweep: ActiveSweep, definition: ExperimentDefinition, packKeys: readonly string[]): Promise<void> {
    if (this.#byKey.size + packKeys.length > mostKeys) this.#byKey.clear();
    for (const key of packKeys) this.#byKey.set(key, null);
    if (!definition.sizes) return;
    const configurations = await this.packs.configurations(sweep.id, packKeys);
    const ids = [...configurations.values()].flatMap((parameters) => definition.datasets?.(parameters) ?? []);
    const datasets = await readDatasets(this.database, [...new Set(ids)], null);
    for (const [key, parameters] of configurations) {
      const need = estimatePackMemory(definition, parameters, (id) => datasets.find((one) => one.id === id));
      this.#byKey.set(key, need);
    }
  }
}
