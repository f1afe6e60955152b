/**
 * The graph of a model: its modules in the order in which they run, and what goes from one to the other.
 *
 * Python traces operators with TorchScript; here the modules themselves are watched. What a `forward` computes between
 * its modules is not seen: a tensor that no module made is taken to come from the modules that ran last.
 */
import { is_array, is_instance } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { RuntimeError } from '../../errors.ts';
import type { Module } from '../../nn/modules/module.ts';
import { Tensor } from '../../tensor.ts';
import { bytes, type Field, message, nested, text, whole } from './protobuf.ts';
import { shape_field } from './summary.ts';

interface Node {
  name: string;
  operator: string;
  inputs: string[];
  attributes: string;
  shapes: number[][];
}

/** The tensors in whatever a module takes or gives. */
function tensors_in(value: unknown): Tensor[] {
  if (is_instance(value, Tensor)) return [value];
  if (is_array(value)) return value.flatMap(tensors_in);
  return [];
}

function node_field({ name, operator, inputs, attributes, shapes }: Node): Field {
  const attribute = (key: string, content: Field): Field => nested(5, text(1, key), nested(2, content));
  const fields = [text(1, name), text(2, operator), ...inputs.map((input) => text(3, input))];
  if (shapes.length > 0) {
    fields.push(
      attribute(
        '_output_shapes',
        nested(
          1,
          shapes.map((shape) => shape_field(7, shape)),
        ),
      ),
    );
  }
  fields.push(attribute('attr', bytes(2, new TextEncoder().encode(attributes), true)));
  return nested(1, fields);
}

/** The names of modules with those of their classes: `TinyVGG/Sequential[block_1]/Conv2d[0]`. */
function scope_of(model: Module, path: string): string {
  const parts = [model._get_name()];
  let walked = '';
  for (const name of path === '' ? [] : path.split('.')) {
    walked = walked === '' ? name : `${walked}.${name}`;
    parts.push(`${model.get_submodule(walked)._get_name()}[${name}]`);
  }
  return parts.join('/');
}

/**
 * The nodes of a model's graph.
 * @param inputs what it is called with
 * @throws whatever the model throws for these
 */
function nodes_of(model: Module, inputs: readonly unknown[]): Node[] {
  const nodes: Node[] = [];
  const made_by = new Map<Tensor, string>();
  const names = new Map<string, number>();
  let last: string | undefined;
  const source = (tensor: Tensor): string | undefined => made_by.get(tensor) ?? last;
  const name_once = (name: string): string => {
    const count = names.get(name) ?? 0;
    names.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
  tensors_in(inputs).forEach((tensor, i) => {
    const name = `input/input.${i + 1}`;
    made_by.set(tensor, name);
    nodes.push({ name, operator: 'IO Node', inputs: [], attributes: '', shapes: [[...tensor.shape]] });
    last = name;
  });

  const handles = [...model.named_modules()]
    .filter(([, module]) => [...module.children()].length === 0)
    .map(([path, module]) =>
      module.register_forward_hook((_, args, output) => {
        const scope = scope_of(model, path);
        const name = name_once(`${scope}/${module._get_name()}`);
        const from = tensors_in(args)
          .map(source)
          .filter((one) => one !== undefined);
        for (const [parameter, value] of module.named_parameters()) {
          const node = `${scope}/${parameter}`;
          if (!nodes.some((one) => one.name === node)) {
            nodes.push({ name: node, operator: 'Parameter', inputs: [], attributes: '', shapes: [[...value.shape]] });
          }
          from.push(node);
        }
        const results = tensors_in(output);
        for (const result of results) made_by.set(result, name);
        nodes.push({
          name,
          operator: module._get_name(),
          inputs: [...new Set(from)],
          attributes: module.extra_repr().replaceAll("'", ' '),
          shapes: results.map((result) => [...result.shape]),
        });
        last = name;
        return undefined;
      }),
    );
  const training = model.training;
  model.eval();
  try {
    const output: unknown = no_grad(() => (model as unknown as (...args: readonly unknown[]) => unknown)(...inputs));
    tensors_in(output).forEach((tensor, i) => {
      const from = source(tensor);
      const shapes = [[...tensor.shape]];
      nodes.push({
        name: `output/output.${i + 1}`,
        operator: 'IO Node',
        inputs: from === undefined ? [] : [from],
        attributes: '',
        shapes,
      });
    });
  } finally {
    for (const handle of handles) handle.remove();
    model.train(training);
  }
  return nodes;
}

/**
 * A model's graph, and where it ran.
 * @throws RuntimeError if it does not run on these inputs
 */
export function graph(model: Module, inputs: unknown, verbose: boolean): [graph: Uint8Array, metadata: Uint8Array] {
  let nodes: Node[];
  try {
    nodes = nodes_of(model, is_array(inputs) ? inputs : inputs === null ? [] : [inputs]);
  } catch (error) {
    if (error instanceof RuntimeError) console.log(`${error.message}\nError occurs, No graph saved`);
    throw error;
  }
  if (verbose)
    for (const { name, operator, inputs: from } of nodes) console.log(`${name} = ${operator}(${from.join(', ')})`);
  // TensorBoard asks for the version of what wrote a graph, and for a device, which is the same for all.
  const content = message(nodes.map(node_field), nested(4, whole(1, 22)));
  return [content, message(nested(1, nested(1, text(1, '/device:CPU:0'))))];
}
