/** What an editor shows: completion and hints from TypeScript's language server, over a script that imports tstorch. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
// In tests/types, so that its tsconfig.json holds; the file is never written.
const URI = pathToFileURL(join(ROOT, 'tests', 'types', 'edited.ts')).href;
const LINES = ["import torch from 'tstorch';", 'const x = torch.randn(3, 4);', 'x.;', 'torch.linalg.;', 'x.max(1);'];

interface Message {
  id?: number;
  method?: string;
  params?: { items?: unknown[] };
  result?: unknown;
}

let server: ChildProcess;
const waiting = new Map<number, (message: Message) => void>();

function send(message: object): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  server.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function receive(message: Message): void {
  if (message.id === undefined) return;
  // The server asks for settings; there are none.
  if (message.method !== undefined) send({ id: message.id, result: message.params?.items?.map(() => null) ?? null });
  else waiting.get(message.id)?.(message);
}

async function ask(method: string, params: object): Promise<unknown> {
  const id = waiting.size + 1;
  const answer = new Promise<Message>((done) => waiting.set(id, done));
  send({ id, method, params });
  return (await answer).result;
}

beforeAll(async () => {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  server = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'ignore'] });
  let received = Buffer.alloc(0);
  server.stdout!.on('data', (part: Buffer) => {
    received = Buffer.concat([received, part]);
    for (;;) {
      const start = received.indexOf('\r\n\r\n') + 4;
      const length = Number(/Content-Length: (\d+)/.exec(received.toString('latin1'))?.[1]);
      if (start < 4 || received.length < start + length) return;
      receive(JSON.parse(received.subarray(start, start + length).toString()) as Message);
      received = received.subarray(start + length);
    }
  });
  const textDocument = { completion: { completionItem: {} }, hover: { contentFormat: ['markdown'] } };
  await ask('initialize', { processId: process.pid, rootUri: pathToFileURL(ROOT).href, capabilities: { textDocument } });
  send({ method: 'initialized', params: {} });
  const document = { uri: URI, languageId: 'typescript', version: 1, text: LINES.join('\n') };
  send({ method: 'textDocument/didOpen', params: { textDocument: document } });
});

afterAll(() => {
  server.kill();
});

/** What is offered at the end of a line, before its semicolon. */
async function completions(line: number): Promise<string[]> {
  const position = { line, character: LINES[line]!.length - 1 };
  const result = await ask('textDocument/completion', { textDocument: { uri: URI }, position });
  return (result as { items: { label: string }[] }).items.map((item) => item.label);
}

test('offers the members of a tensor and of a namespace', async () => {
  expect(await completions(2)).toEqual(expect.arrayContaining(['add', 'relu_', 'max', 'backward', 'shape']));
  expect(await completions(3)).toEqual(expect.arrayContaining(['norm', 'svd', 'LinAlgError']));
});

test('shows what a method does, where it is documented, and the named results', async () => {
  const hover = await ask('textDocument/hover', { textDocument: { uri: URI }, position: { line: 4, character: 3 } });
  const text = JSON.stringify(hover);
  expect(text).toContain('torch.return_types.max');
  expect(text).toContain('https://docs.pytorch.org/docs/stable/generated/torch.Tensor.max.html');
});
