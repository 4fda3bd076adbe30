/** Names by which SAELens knows where activations are from, and what their values are. */
const NAMES: Readonly<Record<string, 'text' | 'number' | 'flag'>> = {
  model_name: 'text',
  model_class_name: 'text',
  hook_name: 'text',
  hook_layer: 'number',
  hook_head_index: 'number',
  dataset_path: 'text',
  context_size: 'number',
  prepend_bos: 'flag',
  neuronpedia_id: 'text',
};

/** What a model's metadata say of the model whose activations it explains, by SAELens's names and in its types. */
export function originOf(metadata: Readonly<Record<string, string>>): Record<string, unknown> {
  const known = Object.entries(NAMES).filter(([name]) => Object.hasOwn(metadata, name));
  const values = known.map(([name, type]): [string, unknown] => {
    const text = metadata[name];
    if (type === 'text') return [name, text];
    if (type === 'flag') return [name, text === 'true' ? true : text === 'false' ? false : null];
    return [name, /^\d{1,15}$/.test(text) ? Number(text) : null];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== null));
}
