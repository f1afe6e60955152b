/** Runs the sessions of a fixture; see scripts/fixtures/sessions.py. */
import torch, { nn } from 'tstorch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { error_of, evaluate, expect_result, read_fixture, type Expected } from './expected.ts';

/** A line of TypeScript, what it gives in Python, and what Python refuses it with. */
type Line = [code: string, result?: Expected | null, error?: string, message?: string];
interface Fixture {
  sessions: Record<string, Line[]>;
  warnings: [category: string, text: string][];
}

/** What a session can use beside `torch`. */
export type Scope = Record<string, unknown>;

const ASSIGNMENT = /^(\w+) = (.*)$/s;

/** Runs one line; what it gives, if anything. */
function run(code: string, scope: Scope): unknown {
  const assignment = ASSIGNMENT.exec(code);
  if (assignment === null) return evaluate(code, scope);
  scope[assignment[1]!] = evaluate(assignment[2]!, scope);
  return undefined;
}

/** A result in the form that a fixture has. */
function plain(value: unknown): unknown {
  if (value instanceof nn.Module) return String(value);
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.entries(value).map(plain);
  }
  return value ?? null;
}

function check([code, result, error, message]: Line, scope: Scope): void {
  try {
    if (error !== undefined) expect(error_of(() => run(code, scope))).toEqual([error, message]);
    else if (result === undefined) run(code, scope);
    else expect_result(plain(run(code, scope)), result as Expected);
  } catch (cause) {
    if (cause instanceof Error) cause.message = `${code}\n${cause.message}`;
    throw cause;
  }
}

/** Makes a test of every session of a fixture, and one of what they warn of; `make_scope` gives each what it needs. */
export function test_sessions(name: string, make_scope: () => Scope): void {
  const { sessions, warnings } = read_fixture<Fixture>(name);
  const emitted: string[] = [];

  beforeAll(() => {
    vi.spyOn(process, 'emitWarning').mockImplementation((text, category) => {
      emitted.push(`${String(category)}: ${String(text)}`);
    });
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  test.each(Object.keys(sessions))('%s', (session) => {
    torch.manual_seed(0);
    const scope = make_scope();
    for (const line of sessions[session]!) check(line, scope);
  });

  test('warnings', () => {
    expect(emitted.sort()).toEqual(warnings.map(([category, text]) => `${category}: ${text}`).sort());
  });
}
