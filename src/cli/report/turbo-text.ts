/** "on: why", or "off: why not". */
export function turboText({ on, why }: { readonly on: boolean; readonly why: string }): string {
  return `${on ? 'on' : 'off'}: ${why}`;
}
