import { createHash } from 'node:crypto';

/**
 * What a page of the site may do, the playground's too: run scripts of the site and WebAssembly, show and fetch what is
 * its own or what it made itself (blob:, data:), and nothing else, whatever stands in a page or comes through a file
 * that a visitor opens. Styles may stand in the page, since highlighted code and KaTeX set them element by element.
 */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self' data:",
  'connect-src': "'self' blob:",
  'worker-src': "'self' blob:",
  'base-uri': "'none'",
  'form-action': "'none'",
};

const hashOf = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** A built page with its policy before all that it loads; the scripts that VitePress wrote into it by their hashes. */
export function withPolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) =>
    hashOf(text),
  );
  const scripts = [POLICY['script-src'], ...new Set(inline)].join(' ');
  const policy = Object.entries({ ...POLICY, 'script-src': scripts }).map(([what, from]) => `${what} ${from}`);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`;
  const head = '<meta charset="utf-8">';
  if (!html.includes(head)) throw new Error('a page has no place for its Content-Security-Policy');
  return html.replace(head, () => `${head}\n    ${meta}`);
}
