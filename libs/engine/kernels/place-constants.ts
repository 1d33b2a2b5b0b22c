import { placeConstants as place } from "./shared/constant-table";

/**
 * Takes 17 KiB at `address` for good: 1 KiB for the table of constants, which it writes, and 16 KiB for parts of matrices. To be called
 * before any other kernel. `wide`: whether products should suit vectors of 256 bits.
 */
export function placeConstants(address: usize, wide: bool): void {
  place(address, wide);
}
