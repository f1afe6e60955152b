/** torch.cpu, where it is more than a constant; the constants are in tests/fixtures/amp.json. */
import torch from 'tstorch';
import { Event, Stream } from 'tstorch/cpu';
import { expect, test } from 'vitest';

test('what the processor can do', () => {
  const capabilities = torch.cpu.get_capabilities();
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as 'x64' | 'arm64'];
  expect(capabilities['architecture']).toBe(architecture);
  expect(capabilities['num_logical_cores']).toBeGreaterThan(0);
  if (architecture === 'x86_64') expect(capabilities['sse2']).toBe(true);
  expect(torch.cpu.get_capabilities()).toBe(capabilities);
  expect(Object.isFrozen(capabilities)).toBe(true);
});

test('streams are selected for a while', () => {
  const before = torch.cpu.current_stream();
  const [one, two] = [new Stream(), new Stream({ priority: 0 })];
  const selected = torch.cpu.stream(one, () => [
    torch.cpu.current_stream(),
    torch.cpu.stream({ stream: two }, () => torch.cpu.current_stream({ device: 'cpu' })),
    torch.cpu.stream(null, () => torch.cpu.current_stream()),
  ]);
  for (const [i, wanted] of [one, two, one].entries()) expect(selected[i]).toBe(wanted);
  const guard = torch.cpu.stream(two);
  expect(torch.cpu.current_stream()).toBe(two);
  guard[Symbol.dispose]();
  expect(torch.cpu.current_stream()).toBe(before);
});

test('there is nothing to wait for', () => {
  const [stream, event] = [new Stream(), new Event()];
  event.record(stream);
  stream.wait_event(event);
  stream.wait_stream(new Stream());
  event.wait();
  event.synchronize();
  torch.cpu.synchronize('cpu');
  expect(event.query()).toBe(true);
});
