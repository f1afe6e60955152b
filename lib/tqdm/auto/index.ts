/** `tqdm.auto`: the bar that suits the surroundings. There is one kind here. */
export { default, tqdm, type TqdmOptions, trange } from '../index.ts';
