/** What is known of this machine's processor. */
import torch from 'tstorch';
import { gives_recorded_numbers } from '../scripts/fixtures/reproducible.mjs';

/** Does this processor give the numbers of the fixtures to the last bit? */
export const AS_RECORDED = gives_recorded_numbers(torch);

/** How far ten steps of an optimizer may be from the fixtures where that is not so, as assert_close takes it. */
export const NEARLY = { rtol: 1e-5, atol: 1e-6 } as const;

/** Does it have what oneDNN's recurrent layers in bfloat16 are made of? */
export const HAS_AVX512 = torch.cpu.get_capabilities()['avx512_vl'] === true;
