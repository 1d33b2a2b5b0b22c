import { placeConstants as place } from "./constant-table";

/** Writes the table of constants to 1 KiB at `address`, which stays ours. To be called once, before any other kernel. */
export function placeConstants(address: usize): void {
  place(address);
}
