/**
 * What is known of this machine's processor. The fixtures are from one of Intel's, where MKL's square root rounds
 * correctly; on AMD's the same library is one bit off in one number of five, in Python as well as here, and whatever
 * comes after differs in its last digits.
 */
import torch from 'tstorch';

const numbers = Array.from({ length: 1000 }, (_, i) => Math.fround((i + 1) / 333));
const roots = torch.tensor(numbers).sqrt().tolist() as number[];

/** Does this processor give the numbers of the fixtures to the last bit? */
export const AS_RECORDED = roots.every((root, i) => root === Math.fround(Math.sqrt(numbers[i]!)));

/** How far ten steps of an optimizer may be from the fixtures where that is not so, as assert_close takes it. */
export const NEARLY = { rtol: 1e-5, atol: 1e-6 } as const;

/** Does it have what oneDNN's recurrent layers in bfloat16 are made of? */
export const HAS_AVX512 = torch.cpu.get_capabilities()['avx512_vl'] === true;
