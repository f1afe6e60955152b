/** `nn.utils` and `torch.func.functional_call`, as sessions in Python went. */
import { describe } from 'vitest';
import { test_sessions } from '../../sessions.ts';
import { make_scope } from './scope.ts';

describe('sessions', () => {
  test_sessions('nn_utils', make_scope);
});
