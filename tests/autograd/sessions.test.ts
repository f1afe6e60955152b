/** Functions, forward mode, Jacobians, hooks on saved tensors, checkpoints and transforms, as in Python. */
import { test_sessions } from '../sessions.ts';
import { make_scope } from './scope.ts';

test_sessions('autograd', make_scope);
