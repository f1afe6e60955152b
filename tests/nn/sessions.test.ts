/** `nn.Module`, its hooks, and `nn.init`, as sessions in Python went. */
import { describe } from 'vitest';
import { test_sessions } from '../sessions.ts';
import { make_scope } from './scope.ts';

describe('sessions', () => {
  test_sessions('nn_module', make_scope);
});
