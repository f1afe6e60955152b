/** `nn.Module`, its hooks, and `nn.init`, as sessions in Python went. */
import { describe } from 'vitest';
import { read_fixture } from '../expected.ts';
import { test_sessions, type Sessions } from '../sessions.ts';
import { make_scope } from './scope.ts';

describe('sessions', () => {
  test_sessions(read_fixture<Sessions>('nn_module'), make_scope);
});
