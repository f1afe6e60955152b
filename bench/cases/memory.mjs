/**
 * Results that are dropped at once. Python frees each before the next is made and so works in one warm block; whoever
 * frees late walks through memory that is in no cache.
 */
import torch from 'tstorch';

function add(kilobytes) {
  const numbers = (kilobytes * 1024) / 4;
  return () => {
    const a = torch.rand(numbers);
    const b = torch.rand(numbers);
    return () => a.add(b);
  };
}

export const cases = {
  '64 KB': add(64),
  '256 KB': add(256),
  '4 MB': add(4096),
};
