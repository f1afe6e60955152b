/** The search for a step size that the strong Wolfe conditions approve of. */
import type { Tensor } from '../tensor.ts';
import { add, divide, greatest, is_at_most, is_less, least, magnitude, multiply, negate } from './scalars.ts';
import { type Num, power, subtract } from './scalars.ts';

/** Where a search begins: a first step size to try along a direction, and how things are without any step. */
export interface SearchStart {
  step: Num;
  direction: Tensor;
  loss: number;
  gradient: Tensor;
  /** The derivative along the direction. */
  slope: Num;
}

export interface SearchResult {
  step: Num;
  loss: number;
  gradient: Tensor;
  /** How often the function was evaluated. */
  evaluations: number;
}

/** A step size that was tried, and what was found there. */
interface Point {
  step: Num;
  loss: number;
  gradient: Tensor;
  slope: Num;
}

/** How much of the decrease that the slope promises there has to be. */
const SUFFICIENT_DECREASE = 1e-4;
/** How much of the slope may be left. */
const CURVATURE = 0.9;
const TOLERANCE_CHANGE = 1e-9;

/** Where the cubic polynomial with the losses and the slopes of two points has its minimum, kept within bounds. */
function cubic_minimum(a: Point, b: Point, bounds?: readonly [Num, Num]): Num {
  const [low, high] = bounds ?? (is_at_most(a.step, b.step) ? [a.step, b.step] : [b.step, a.step]);
  const d1 = subtract(add(a.slope, b.slope), divide(3 * (a.loss - b.loss), subtract(a.step, b.step)));
  const square = subtract(power(d1, 2), multiply(a.slope, b.slope));
  if (!is_at_most(0, square)) return divide(add(low, high), 2);
  const d2 = power(square, 0.5);
  const [left, right] = is_at_most(a.step, b.step) ? [a, b] : [b, a];
  const ratio = divide(
    subtract(add(right.slope, d2), d1),
    add(subtract(right.slope, left.slope), multiply(2, d2)),
  );
  const minimum = subtract(right.step, multiply(subtract(right.step, left.step), ratio));
  return least(greatest(minimum, low), high);
}

/**
 * Looks for a step size: first outwards, until there is an interval that holds a good one, then within that.
 *
 * @param evaluate gives the loss and the gradient after a step of a size
 * @param most how many evaluations there may be beyond the first
 */
export function strong_wolfe(
  evaluate: (step: Num) => readonly [loss: number, gradient: Tensor],
  start: SearchStart,
  most: number,
): SearchResult {
  const { direction, loss, slope } = start;
  const largest = direction.abs().max();
  let evaluations = 0;
  const at = (step: Num): Point => {
    const [value, gradient] = evaluate(step);
    evaluations += 1;
    return { step, loss: value, gradient, slope: gradient.dot(direction) };
  };
  const decreases_too_little = ({ step, loss: value }: Point): boolean =>
    is_less(add(loss, multiply(multiply(SUFFICIENT_DECREASE, step), slope)), value);
  const is_flat = (point: Point): boolean =>
    is_at_most(magnitude(point.slope), multiply(negate(CURVATURE), slope));

  const origin: Point = { step: 0, loss, gradient: start.gradient.clone(), slope };
  let previous = origin;
  let point = at(start.step);
  let tries = 0;
  let done = false;
  let bracket: [Point, Point] | null = null;
  while (tries < most) {
    if (decreases_too_little(point) || (tries > 1 && point.loss >= previous.loss)) {
      bracket = [previous, point];
      break;
    }
    if (is_flat(point)) {
      bracket = [point, point];
      done = true;
      break;
    }
    if (is_at_most(0, point.slope)) {
      bracket = [previous, point];
      break;
    }
    const next = cubic_minimum(previous, point, [
      add(point.step, multiply(0.01, subtract(point.step, previous.step))),
      multiply(point.step, 10),
    ]);
    previous = point;
    point = at(next);
    tries += 1;
  }
  bracket ??= [origin, point];

  let low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
  let stalled = false;
  while (!done && tries < most) {
    const [a, b] = bracket;
    if (is_less(multiply(magnitude(subtract(b.step, a.step)), largest), TOLERANCE_CHANGE)) break;
    let step = cubic_minimum(a, b);
    const [left, right] = [least(a.step, b.step), greatest(a.step, b.step)];

    // A step too near to an end of the interval twice in a row would not make it much shorter.
    const margin = multiply(0.1, subtract(right, left));
    const [from_left, from_right] = [subtract(step, left), subtract(right, step)];
    if (is_less(least(from_right, from_left), margin)) {
      if (stalled || is_at_most(right, step) || is_at_most(step, left)) {
        const near_right = is_less(magnitude(subtract(step, right)), magnitude(subtract(step, left)));
        step = near_right ? subtract(right, margin) : add(left, margin);
        stalled = false;
      } else {
        stalled = true;
      }
    } else {
      stalled = false;
    }

    point = at(step);
    tries += 1;
    if (decreases_too_little(point) || point.loss >= bracket[low]!.loss) {
      bracket[1 - low] = point;
      low = bracket[0].loss <= bracket[1].loss ? 0 : 1;
    } else {
      const best = bracket[low]!;
      const other = bracket[1 - low]!;
      if (is_flat(point)) done = true;
      else if (is_at_most(0, multiply(point.slope, subtract(other.step, best.step)))) bracket[1 - low] = best;
      bracket[low] = point;
    }
  }
  return { step: bracket[low]!.step, loss: bracket[low]!.loss, gradient: bracket[low]!.gradient, evaluations };
}
