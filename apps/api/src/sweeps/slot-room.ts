import { wasmSlotBytes } from "@basin/contracts";
import type { KnownSlot } from "@basin/database";
import type { SlotRoom } from "@basin/problems";

/**
 * Where the runs of a pool have most memory. With no trainer known a slot has what one on wasm has at most. Null: a trainer of another backend is
 * there, whose memory is not what the estimates are made for.
 */
export function largestRoom(pool: string, slots: readonly KnownSlot[]): SlotRoom | null {
  if (slots.some(({ backend }) => backend !== "wasm")) return null;
  const sizes = slots.map(({ name, slotBytes }) => ({ name, bytes: slotBytes ?? wasmSlotBytes }));
  const largest = sizes.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (!largest) return { bytes: wasmSlotBytes, whose: "a slot" };
  return { bytes: largest.bytes, whose: `the largest slot in pool ${pool}, of trainer ${largest.name},` };
}
