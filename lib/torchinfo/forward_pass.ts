/** Runs a model and watches its modules. */
import { is_kwargs } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import type { device as Device } from '../device.ts';
import { RuntimeError } from '../errors.ts';
import type { Module } from '../nn/modules/module.ts';
import type { RemovableHandle } from '../utils/hooks.ts';
import { LayerInfo } from './layer_info.ts';
import type { Mode } from './settings.ts';
import { map_tensors } from './sizes.ts';

/** What a model is called with: its arguments in order, or by name; null where it is not called. */
export type ModelInput = readonly unknown[] | Map<string, unknown> | Record<string, unknown> | null;

interface Watch {
  layers: LayerInfo[];
  hooks: Map<Module, RemovableHandle[]>;
}

/** Hooks on the modules of a model that note, call by call, what happens; without a call, all of them are noted now. */
function watch(model: Module, runs: boolean, batch_dim: number | null): Watch {
  const layers: LayerInfo[] = [];
  const seen = new Set<Module>();
  /** What is known of the latest use of a module. */
  const latest = new Map<Module, LayerInfo>();
  const hooks = new Map<Module, RemovableHandle[]>();
  const stack: [name: string, module: Module, depth: number, parent: LayerInfo | null][] = [
    [model._get_name(), model, 0, null],
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [name, module, depth, parent] = next;
    // Stands for the module if it is never called itself, as a `ModuleList` is not.
    const placeholder = new LayerInfo(name, module, depth, parent);
    latest.set(module, placeholder);
    const note = (): void => {
      const info = new LayerInfo(name, module, depth, parent);
      info.calculate_num_params();
      info.is_recursive = seen.has(module);
      layers.push(info);
      seen.add(module);
      latest.set(module, info);
    };
    if (!runs) {
      note();
    } else {
      // A module that is in several places counts where it was found last.
      for (const handle of hooks.get(module) ?? []) handle.remove();
      hooks.set(module, [
        module.register_forward_pre_hook(() => note()),
        module.register_forward_hook((_module, inputs, outputs) => {
          latest.get(module)!.calculate_sizes(inputs, outputs, batch_dim);
        }),
      ]);
    }
    const info = latest.get(module)!;
    for (const [child_name, child] of [...module._modules].reverse()) {
      stack.push([child_name, child, depth + 1, info]);
    }
  }
  return { layers, hooks };
}

/** Adds the containers that were not called but hold modules that were. */
function add_missing_containers(layers: LayerInfo[]): void {
  const seen = new Set(layers.map((layer) => layer.module));
  const current: (LayerInfo | undefined)[] = [];
  // Layers are added on the way, in front of the one that is looked at.
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]!;
    let added = 0;
    const above: LayerInfo[] = [];
    for (let parent = layer.parent_info; parent !== null && parent.depth > 0; parent = parent.parent_info) {
      above[parent.depth] = parent;
    }
    for (let depth = 1; depth < layer.depth; depth++) {
      const container = above[depth]!;
      if (current[depth]?.module === container.module || container === layers.at(i + added - 1)) continue;
      container.calculate_num_params();
      container.is_recursive ||= seen.has(container.module);
      layers.splice(i + added, 0, container);
      seen.add(container.module);
      current[depth] = container;
      added++;
    }
    current[layer.depth] = layer;
    current.length = layer.depth + 1;
  }
}

/** Numbers the layers of each depth, and tells each what is below it. */
function set_children(layers: readonly LayerInfo[]): void {
  const counts: number[] = [];
  layers.forEach((layer, i) => {
    layer.depth_index = counts[layer.depth] = (counts[layer.depth] ?? 0) + 1;
    const rest = layers.slice(i + 1);
    const end = rest.findIndex((other) => other.depth <= layer.depth);
    layer.children = end === -1 ? rest : rest.slice(0, end);
  });
}

/** What the last run of a model of each name gave. */
const cache = new Map<string, LayerInfo[]>();

/** Forgets the runs that `cache_forward_pass` goes by. */
export function clear_cached_forward_pass(): void {
  cache.clear();
}

/** The layers of a model, in the order in which they ran, or in which they are in the model where it does not run. */
export function forward_pass(
  model: Module,
  input: ModelInput,
  batch_dim: number | null,
  use_cache: boolean,
  device: Device | null,
  mode: Mode,
  kwargs: Record<string, unknown>,
): LayerInfo[] {
  const name = model._get_name();
  const cached = use_cache ? cache.get(name) : undefined;
  if (cached !== undefined) return cached;
  const { layers, hooks } = watch(model, input !== null, batch_dim);
  if (input === null) {
    set_children(layers);
    return layers;
  }
  const training = model.training;
  try {
    const named = device === null ? kwargs : (map_tensors(kwargs, (tensor) => tensor.to(device)) as typeof kwargs);
    model.train(mode === 'train');
    if (device !== null) model.to(device);
    no_grad(() => {
      const positional = Array.isArray(input) ? (input as unknown[]) : [];
      const by_name = input instanceof Map ? Object.fromEntries(input) : is_kwargs(input) ? input : {};
      const all_named = { ...by_name, ...named };
      model(...positional, ...(Object.keys(all_named).length > 0 ? [all_named] : []));
    });
  } catch (cause) {
    const executed = layers.filter((layer) => layer.executed);
    throw new RuntimeError(
      'Failed to run torchinfo. See above stack traces for more details. ' +
        `Executed layers up to: [${executed.join(', ')}]`,
      { cause },
    );
  } finally {
    for (const handles of hooks.values()) for (const handle of handles) handle.remove();
    model.train(training);
  }
  add_missing_containers(layers);
  set_children(layers);
  cache.set(name, layers);
  return layers;
}
