/** One direction of axes: the limits, where ticks stand and what they say. Axes that share a direction share one. */
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';
import { type Artist, NOTHING } from './artist.ts';
import { axis_ticks, log_ticks, nonsingular } from './ticks.ts';
import { tick_labels, with_minus } from './tick_labels.ts';

export type ScaleName = 'linear' | 'log';

/** Ticks to draw: those with labels, and small ones without. */
export interface Ticks {
  readonly places: readonly number[];
  readonly labels: readonly string[];
  /** What all labels are to be multiplied with and added to. */
  readonly offset: string;
  readonly minor: readonly number[];
}

/** Whatever has artists to show. */
interface Member {
  readonly artists: readonly Artist[];
  readonly xscale: Scale;
  readonly yscale: Scale;
}

/** By how much limits reach beyond the data. */
const MARGIN = 0.05;

/** One direction. */
export class Scale {
  readonly direction: 'x' | 'y';
  name: ScaleName = 'linear';
  /** The axes whose artists count. */
  readonly members: Member[] = [];
  /** Does it run backwards? Set by images, whose first row lies above. */
  inverted = false;
  margin = MARGIN;
  /** Names of categories, which stand at 0, 1, 2, ... */
  readonly categories = new Map<string, number>();
  #low: number | undefined;
  #high: number | undefined;
  #places: readonly number[] | undefined;
  #labels: readonly string[] | undefined;

  constructor(direction: 'x' | 'y') {
    this.direction = direction;
  }

  /** Is nothing set by hand? */
  get autoscale(): boolean {
    return this.#low === undefined && this.#high === undefined;
  }

  /** Fits the data again, or stays as it is from now on. */
  set autoscale(on: boolean) {
    if (on) [this.#low, this.#high] = [undefined, undefined];
    else [this.#low, this.#high] = this.limits();
  }

  /** The limits that show all data. */
  #fitted(): [number, number] {
    let [low, high] = NOTHING;
    const sticky: number[] = [];
    for (const member of this.members) {
      const log = { x: member.xscale.name === 'log', y: member.yscale.name === 'log' };
      for (const artist of member.artists) {
        const [from, to] = artist.data_limits(log)[this.direction];
        low = Math.min(low, from);
        high = Math.max(high, to);
        sticky.push(...((this.direction === 'x' ? artist.sticky_x : artist.sticky_y) ?? []));
      }
    }
    const log = this.name === 'log';
    if (low > high) return log ? [1, 10] : [0, 1];
    if (log && low === high) {
      const [under, over] = [10 ** Math.ceil(Math.log10(low) - 1), 10 ** Math.floor(Math.log10(high) + 1)];
      [low, high] = [under > 0 ? under : low, Number.isFinite(over) ? over : high];
    }
    if (!log) [low, high] = nonsingular(low, high, 0.05);
    const tolerance = 1e-5 * Math.abs(high - low);
    const low_bound = Math.max(-Infinity, ...sticky.filter((edge) => edge <= low + tolerance));
    const high_bound = Math.min(Infinity, ...sticky.filter((edge) => edge >= high - tolerance));
    const [from, to] = [this.forward(low), this.forward(high)];
    const margin = (to - from) * this.margin;
    const [first, last] = [this.backward(from - margin), this.backward(to + margin)];
    // Where numbers end, margins do.
    const usable = Number.isFinite(first) && Number.isFinite(last) && (!log || first > 0);
    return usable ? [Math.max(first, low_bound), Math.min(last, high_bound)] : [low, high];
  }

  /** What is shown: from left to right, or from below. */
  limits(): [number, number] {
    if (this.#low !== undefined && this.#high !== undefined) return [this.#low, this.#high];
    const [low, high] = this.#fitted();
    const [from, to] = this.inverted ? [high, low] : [low, high];
    return [this.#low ?? from, this.#high ?? to];
  }

  /** Sets one or both limits; what is undefined or null stays as it is. */
  set_limits(low: number | null | undefined, high: number | null | undefined): void {
    const [old_low, old_high] = this.limits();
    for (const limit of [low, high]) {
      if (limit !== null && limit !== undefined && !Number.isFinite(limit)) {
        throw new ValueError('Axis limits cannot be NaN or Inf');
      }
    }
    let [from, to] = [low ?? old_low, high ?? old_high];
    if (this.name === 'log') {
      if (from <= 0) from = old_low;
      if (to <= 0) to = old_high;
    } else if (from === to) {
      [from, to] = nonsingular(from, to, 0.05);
    }
    [this.#low, this.#high] = [from, to];
    this.inverted = from > to;
  }

  set_scale(name: ScaleName): void {
    if (name !== 'linear' && name !== 'log') {
      throw new ValueError(`${repr(name)} is not a valid value for scale; supported values are 'linear', 'log'`);
    }
    this.name = name;
  }

  /** To where distances are those of the picture. */
  forward(value: number): number {
    return this.name === 'log' ? (value > 0 ? Math.log10(value) : -Infinity) : value;
  }

  backward(value: number): number {
    return this.name === 'log' ? 10 ** value : value;
  }

  /** A number's share of the way between limits that are given in the picture's distances. */
  share(value: number, from: number, to: number): number {
    return (this.forward(value) - from) / (to - from);
  }

  /** The places of categories, which get the next whole numbers when they are new. */
  category_places(names: readonly string[]): Float64Array {
    return Float64Array.from(names, (name) => {
      let place = this.categories.get(name);
      if (place === undefined) {
        place = this.categories.size;
        this.categories.set(name, place);
      }
      return place;
    });
  }

  /** Where ticks are set by hand, and what they say. */
  set_ticks(places: readonly number[], labels: readonly string[] | undefined): void {
    if (labels !== undefined && labels.length !== places.length) {
      throw new ValueError(
        `The number of FixedLocator locations (${places.length}), usually from a call to set_ticks, does not match ` +
          `the number of labels (${labels.length}).`,
      );
    }
    this.#places = places;
    this.#labels = labels;
    if (places.length === 0) return;
    // All of them are to be seen.
    const [low, high] = this.limits();
    const all = [...places, low, high];
    const [from, to] = [Math.min(...all), Math.max(...all)];
    if (from < Math.min(low, high) || to > Math.max(low, high)) {
      if (low <= high) this.set_limits(from, to);
      else this.set_limits(to, from);
    }
  }

  set_labels(labels: readonly string[]): void {
    this.#places ??= this.ticks(9).places;
    this.set_ticks(this.#places, labels);
  }

  /**
   * The ticks within the limits.
   * @param space how many there is room for
   */
  ticks(space: number): Ticks {
    const [first, last] = this.limits();
    const [low, high] = first <= last ? [first, last] : [last, first];
    const tolerance = 1e-10 * (high - low);
    const visible = (place: number): boolean => place >= low - tolerance && place <= high + tolerance;
    if (this.#places !== undefined) {
      const labels = this.#labels ?? tick_labels(this.#places, low, high).labels;
      const shown = this.#places.map((place, i) => [place, labels[i]!] as const).filter(([place]) => visible(place));
      return { places: shown.map(([place]) => place), labels: shown.map(([, label]) => label), offset: '', minor: [] };
    }
    if (this.categories.size > 0) {
      const shown = [...this.categories].filter(([, place]) => visible(place));
      return { places: shown.map(([, place]) => place), labels: shown.map(([name]) => name), offset: '', minor: [] };
    }
    if (this.name === 'log') {
      const { major, minor } = log_ticks(low, high, space);
      const places = major.filter((place) => place >= low * 0.999999 && place <= high * 1.000001);
      const labels = places.map((place) => `$10^{${with_minus(String(Math.round(Math.log10(place))))}}$`);
      return { places, labels, offset: '', minor: minor.filter((place) => place >= low && place <= high) };
    }
    const all = axis_ticks(low, high, space);
    const { labels, offset } = tick_labels(all, low, high);
    const shown = all.map((place, i) => [place, labels[i]!] as const).filter(([place]) => visible(place));
    return { places: shown.map(([place]) => place), labels: shown.map(([, label]) => label), offset, minor: [] };
  }
}
