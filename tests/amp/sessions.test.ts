/** Regions of mixed precision, functions of one's own in them, gradient scalers: as in Python. */
import { test_sessions } from '../sessions.ts';
import { make_scope } from './scope.ts';

test_sessions('amp', make_scope);
