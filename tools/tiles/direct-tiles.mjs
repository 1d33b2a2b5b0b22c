// Writes out the tiles of running sums of the direct convolutions and of their gradients.
import { add, at, endOfBlock, file, range, splat, store, storesSideBySide, sums } from "./running-sums.mjs";

/** The distances between windows that `isDirect` takes: an offset within an instruction must be known when it is compiled. */
const steps = [4, 8, 16, 32];

/**
 * `places` windows of `features` features; every window's value of a line by two. `apart`: bytes between windows, so that one address serves
 * all of them; null: each has an address of its own.
 */
function product(places, features, apart) {
  const vectors = features / 4;
  const all = sums(places, vectors);
  const own = apart === null ? range(places).slice(1) : [];
  const from = (i, offset) => (apart === null ? at(i === 0 ? "a" : `a${i}`, offset) : at("a", i * apart + offset));
  const half = places / 2;
  const value = (p) => {
    const ys = range(vectors).map((j) => `y${p}${j}`);
    const row = (i) => [`const x${p}${i} = ${splat(from(i, 4 * p))};`, ...add(all[i], `x${p}${i}`, ys)];
    return [
      ...ys.map((y, j) => `const ${y} = v128.load(${at("w", 4 * features * p + 16 * j)});`),
      ...range(half).flatMap(row),
      endOfBlock("w"),
      ...range(half).flatMap((i) => row(i + half)),
    ];
  };
  return [
    `${apart === null ? `export function product${places}x${features}` : `function places${places}x${features}By${apart}`}(a: usize, line: usize, span: usize,${apart === null ? " step: usize," : ""} height: i32, w: usize, bias: usize, c: usize): void {`,
    // Sums that start at loads side by side can be joined by V8; those that start at two choices cannot.
    ...(vectors === 1
      ? ["const start0 = bias ? v128.load(bias) : f32x4.splat(0);"]
      : [
          "const from = bias ? bias : zeros();",
          ...range(vectors).map((j) => `const start${j} = v128.load(${at("from", 16 * j)});`),
        ]),
    ...all.flatMap((row) => row.map((sum, j) => `let ${sum} = start${j};`)),
    "const skip = line - span;",
    ...own.map((i) => `let a${i} = ${i === 1 ? "a" : `a${i - 1}`} + step;`),
    "for (let i = 0; i < height; i++) {",
    "const end = a + span;",
    "while (a < end) {",
    ...value(0),
    endOfBlock("w"),
    ...value(1),
    `w += ${8 * features};`,
    ...["a", ...own.map((i) => `a${i}`)].map((address) => `${address} += 8;`),
    "}",
    ...["a", ...own.map((i) => `a${i}`)].map((address) => `${address} += skip;`),
    "}",
    ...storesSideBySide(all, "c"),
    "}",
  ];
}

/** Picks the function for a distance. */
const productByStep = (places, features) => [
  `export function product${places}x${features}(a: usize, line: usize, span: usize, step: usize, height: i32, w: usize, bias: usize, c: usize): void {`,
  ...steps.map((step, i) => {
    const last = i === steps.length - 1;
    return `${i === 0 ? "" : "else "}${last ? "" : `if (step == ${step}) `}places${places}x${features}By${step}(a, line, span, height, w, bias, c);`;
  }),
  "}",
];

/** dFilter of four values of a window from a and, if `values` is 8, four from b. */
function gradient(values, features) {
  const vectors = features / 4;
  const all = sums(values, vectors);
  const addresses = values === 8 ? ["a", "b"] : ["a"];
  const ys = range(vectors).map((j) => `y${j}`);
  // A block ends after half of the sums.
  const end = values / 2;
  return [
    `export function gradient${values}x${features}(${addresses.map((a) => `${a}: usize, `).join("")}step: usize, gap: usize, g: usize, rows: i32, columns: i32, c: usize): void {`,
    ...all.flat().map((sum, i) => `let ${sum} = v128.load(${at("c", 16 * i)});`),
    "for (let p = 0; p < rows; p++) {",
    `const end = g + <usize>columns * ${4 * features};`,
    "while (g < end) {",
    ...ys.map((y, j) => `const ${y} = v128.load(${at("g", 16 * j)});`),
    ...all.flatMap((row, i) => [
      ...(i === end ? [endOfBlock("g")] : []),
      `const x${i} = ${splat(at(addresses[i >> 2], 4 * (i & 3)))};`,
      ...add(row, `x${i}`, ys),
    ]),
    `g += ${4 * features};`,
    ...addresses.map((a) => `${a} += step;`),
    "}",
    ...addresses.map((a) => `${a} += gap;`),
    "}",
    ...storesSideBySide(all, "c"),
    "}",
  ];
}

/**
 * 16 values of the windows of one or two places, added to the frame. Wide: for vectors of 256 bits, through scratch, since V8 joins sums
 * whose stores are neighbours.
 */
function spread(wide) {
  const [first, second] = ["s", "t"].map((letter) => range(4).map((j) => `${letter}${j}`));
  const load = (j) => `const y${j} = v128.load(${at("w", 16 * j)});`;
  const ys = range(4).map((j) => `y${j}`);
  const places = ["a", "b"].map((address) => range(4).map((j) => (j === 0 ? address : `${address} + to${j}`)));
  const to = (addresses, values) =>
    addresses.map((address, j) => `v128.store(${address}, f32x4.add(v128.load(${address}), ${values[j]}));`);
  const [x, z] = [`const x = ${splat("g")};`, `const z = ${splat("h")};`];
  const body = wide
    ? [...range(4).map(load), x, ...add(first, "x", ys), z, ...add(second, "z", ys)]
    : [
        x,
        z,
        ...range(4).flatMap((j) => [
          ...(j === 2 ? [endOfBlock("w")] : []),
          load(j),
          ...add([first[j]], "x", [ys[j]]),
          ...add([second[j]], "z", [ys[j]]),
        ]),
      ];
  const kept = (at0) => range(4).map((j) => `v128.load(${at("scratch", at0 + 16 * j)})`);
  return [
    ...(wide ? [] : ["@inline"]),
    `export function spread${wide ? "Wide" : ""}(g: usize, h: usize, features: i32, w: usize, row: usize, a: usize, b: usize, to1: usize, to2: usize, to3: usize, two: bool): void {`,
    ...(wide ? ["const scratch = panelSpace();"] : []),
    ...[...first, ...second].map((sum) => `let ${sum} = f32x4.splat(0);`),
    "const end = g + (<usize>features << 2);",
    "while (g < end) {",
    ...body,
    ...["g += 4;", "h += 4;", "w += row;"],
    "}",
    ...(wide ? [...first, ...second].map((sum, i) => store("scratch", sum, 16 * i)) : []),
    ...to(places[0], wide ? kept(0) : first),
    "if (!two) return;",
    ...to(places[1], wide ? kept(64) : second),
    "}",
  ];
}

const head = `// Generated by tools/tiles/direct-tiles.mjs. The words of \`direct-windows.ts\`.
import { panelSpace } from "./constant-table";

/** Address of eight zeros. */
function zeros(): usize {
  const space = panelSpace();
  v128.store(space, f32x4.splat(0));
  v128.store(space, f32x4.splat(0), 16);
  return space;
}
`;

/** The text of libs/engine/kernels/shared/direct-tiles.generated.ts. */
export function directTiles() {
  return file(head, [
    product(4, 8, null),
    ...[4, 8].flatMap((features) => [...steps.map((step) => product(8, features, step)), productByStep(8, features)]),
    ...[
      [8, 4],
      [4, 8],
      [8, 8],
    ].map(([values, features]) => gradient(values, features)),
    ...[false, true].map(spread),
  ]);
}
