/** A call as one would write it, with tensors as a letter. */
export function show_call({ f, a, k }) {
  const show = (value) => {
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
    const [kind, content] = Object.entries(value)[0];
    if (kind === 'in') return `t${content}`;
    if (kind === 'new') return `new ${show_call({ a: [], ...content })}`;
    if (kind === 'res') return `r${content.join('.')}`;
    return kind === 'dtype' ? `torch.${content}` : `${kind}(${JSON.stringify(content)})`;
  };
  const args = a.map(show);
  if (k) args.push(`{ ${Object.entries(k).map(([key, value]) => `${key}: ${show(value)}`).join(', ')} }`);
  return `${f}(${args.join(', ')})`;
}
