/** How many coordinates a problem may have. */
export const mostCoordinates = 4;
/** The highest total order of a derivative that can be trained: its gradient needs one order more of the activation. */
const highestOrder = 3;

/** How often by each coordinate, without zeros at the end: [] is u itself, [0, 2] the second derivative by the second coordinate. */
export type DerivativeOrders = readonly number[];

/** A derivative as one writes it: its orders by coordinate, or for a problem of one coordinate the order alone. */
export type Derivative = number | DerivativeOrders;

/** Its orders in the form in which equal ones are equal. Throws RangeError, naming it, for one that cannot be trained. */
export function derivativeOf(derivative: Derivative): DerivativeOrders {
  const orders = typeof derivative === "number" ? [derivative] : [...derivative];
  while (orders.at(-1) === 0) orders.pop();
  const name = `The derivative of orders (${orders.join(", ")})`;
  if (!orders.every((order) => Number.isInteger(order) && order >= 0))
    throw new RangeError(`${name} needs whole numbers from 0 on.`);
  if (orders.length > mostCoordinates)
    throw new RangeError(`${name} is by coordinate ${orders.length}; a problem has at most ${mostCoordinates}.`);
  const total = orders.reduce((sum, order) => sum + order, 0);
  if (total > highestOrder) throw new RangeError(`${name} is of order ${total}; at most ${highestOrder} can be trained.`);
  return orders;
}

/** The coordinates by which it is, one for each order: [1, 1] → [0, 1], [0, 2] → [1, 1]. */
function coordinatesOf(orders: DerivativeOrders): number[] {
  return orders.flatMap((order, coordinate) => Array.from({ length: order }, () => coordinate));
}

/** What has to be propagated through a network to get derivatives of it. */
export interface JetPlan {
  /** The coordinates along which first derivatives are taken, ascending. */
  directions: readonly number[];
  /** For each second derivative the places of its two directions among `directions`. */
  pairs: readonly (readonly [number, number])[];
  /** For each third derivative the places of its three directions. */
  triples: readonly (readonly [number, number, number])[];
  /** What is propagated, the values first, then first, second and third derivatives. */
  entries: readonly DerivativeOrders[];
}

/** The smallest plan with all of these derivatives; a second and a third one need the lower ones that they are made of. */
export function jetPlan(derivatives: readonly DerivativeOrders[]): JetPlan {
  const directions = [...new Set(derivatives.flatMap(coordinatesOf))].sort((a, b) => a - b);
  const places = derivatives.map((derivative) => coordinatesOf(derivative).map((one) => directions.indexOf(one)));
  const triples = distinct(places.flatMap(([a, b, c]) => (c === undefined ? [] : [[a ?? 0, b ?? 0, c] as const])));
  const pairs = distinct([
    ...places.flatMap(([a, b, c]) => (b === undefined || c !== undefined ? [] : [[a ?? 0, b] as const])),
    ...triples.flatMap(([a, b, c]) => [[a, b] as const, [a, c] as const, [b, c] as const]),
  ]);
  const by = (...coordinates: number[]): DerivativeOrders =>
    derivativeOf(Array.from({ length: mostCoordinates }, (_, c) => coordinates.filter((one) => one === c).length));
  const entries = [
    [],
    ...directions.map((direction) => by(direction)),
    ...[...pairs, ...triples].map((own) => by(...own.map((one) => directions[one] ?? 0))),
  ];
  return { directions, pairs, triples, entries };
}

/** Each once, in the order of their numbers. */
function distinct<T extends readonly number[]>(all: readonly T[]): T[] {
  const found = new Map(all.map((one) => [one.join(), one]));
  return [...found.values()].sort((a, b) => a.map((one, i) => one - (b[i] ?? 0)).find((apart) => apart !== 0) ?? 0);
}

/** Where a derivative stands in a plan; −1 if it is not there. */
export function entryOf({ entries }: JetPlan, derivative: DerivativeOrders): number {
  return entries.findIndex((entry) => entry.length === derivative.length && entry.every((order, i) => order === derivative[i]));
}
