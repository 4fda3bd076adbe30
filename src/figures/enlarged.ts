/**
 * A figure that is laid out for a narrow width, shown larger: a phone shows it smaller, and its words are readable there, and it is no
 * stamp on a desk.
 */
export function enlarged(svg: string, factor: number): string {
  return svg.replace(/^<svg [^>]*>/, (tag) =>
    tag.replace(
      / (width|height)="([\d.]+)"/g,
      (_, name: string, size: string) => ` ${name}="${Math.round(Number(size) * factor)}"`,
    ),
  );
}
