import { placeConstants as place } from "./constant-table";

/** Takes 17 KiB at `address` for good: 1 KiB for the table of constants, which it writes, and 16 KiB for parts of matrices. To be called once, before any other kernel. */
export function placeConstants(address: usize): void {
  place(address);
}
