// What all tiles of running sums are written with. They are unrolled because V8 keeps sums in registers only where they are written out.

export const range = (n) => Array.from({ length: n }, (_, i) => i);
/** `address, offset` as `load` and `store` take them. */
export const at = (address, offset) => (offset === 0 ? address : `${address}, ${offset}`);
export const sums = (rows, vectors) => range(rows).map((i) => range(vectors).map((j) => `s${i}${j}`));
export const zeros = (all) => all.flat().map((sum) => `let ${sum} = f32x4.splat(0);`);
export const add = (row, x, ys) => row.map((sum, j) => `${sum} = f32x4.add(${sum}, f32x4.mul(${x}, ${ys[j]}));`);
export const splat = (from) => `v128.load_splat<f32>(${from})`;

/**
 * Ends a block of code by a test that never holds. V8 orders the loads of a block before its arithmetic, which for all of a step's rows
 * would need more registers than there are (measured on 3×12: 31 GFLOP/s without such tests, 40 with them).
 */
export const endOfBlock = (address) => `if (!${address}) break;`;

export const store = (address, value, offset) => `v128.store(${address}, ${value}${offset === 0 ? "" : `, ${offset}`});`;
/** All sums side by side from `address`. */
export const storesSideBySide = (all, address) => all.flat().map((sum, i) => store(address, sum, 16 * i));

/** The text of a file of functions. */
export const file = (head, functions) => `${head}\n${functions.map((lines) => lines.join("\n")).join("\n\n")}\n`;
