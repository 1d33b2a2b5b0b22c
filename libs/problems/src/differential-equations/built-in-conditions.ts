import { derivativeOf, type Derivative } from "./derivative";
import { partialDerivative, product, solution, sum, type Expression } from "./expression";

/**
 * A solution that meets its conditions whatever is learned: u = lift + factor·N, N the network, with a lift that meets them and a factor that is 0
 * where they hold. Both are expressions of coordinates alone. Returns u's derivatives as expressions of those of N, by Leibniz's rule. (I. E. Lagaris,
 * A. Likas, D. I. Fotiadis, IEEE Trans. Neural Netw. 9 (1998).)
 */
export function withBuiltInConditions(lift: Expression, factor: Expression): (derivative?: Derivative) => Expression {
  return (derivative = []) => {
    const coordinates = derivativeOf(derivative).flatMap((order, c) => Array.from({ length: order }, () => c));
    const subsets = Array.from({ length: 2 ** coordinates.length }, (_, bits) => ({
      ofFactor: coordinates.filter((_c, i) => (bits >> i) & 1),
      ofNetwork: coordinates.filter((_c, i) => !((bits >> i) & 1)),
    }));
    return sum(
      by(lift, coordinates),
      ...subsets.map(({ ofFactor, ofNetwork }) => product(by(factor, ofFactor), solution(ordersOf(ofNetwork)))),
    );
  };
}

/** The derivative of an expression by one coordinate after the other. */
function by(expression: Expression, coordinates: readonly number[]): Expression {
  return coordinates.reduce((one, index) => partialDerivative(one, { kind: "coordinate", index }), expression);
}

function ordersOf(coordinates: readonly number[]): number[] {
  return Array.from(
    { length: Math.max(0, ...coordinates.map((c) => c + 1)) },
    (_, c) => coordinates.filter((one) => one === c).length,
  );
}
