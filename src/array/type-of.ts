/** "Float32Array", in whichever realm it was made, as `instanceof` knows its own alone; '' of what has no such name. */
export function typeOf(data: unknown): string {
  const name: unknown = (data as { readonly [Symbol.toStringTag]?: unknown } | null | undefined)?.[Symbol.toStringTag];
  return typeof name === 'string' ? name : '';
}

/** Whether they are floats of two or four bytes, all of which float32 holds. */
export function isNarrowFloat(data: unknown): boolean {
  return /^B?float(16|32)/i.test(typeOf(data));
}
