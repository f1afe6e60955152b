/** `tqdm.auto`: the bar that suits the surroundings. There is one kind here. */
import { tqdm } from '../index.ts';

export { tqdm, type TqdmOptions, trange } from '../index.ts';
export default tqdm;
