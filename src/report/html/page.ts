import { sha256 } from '../../data/stream/fingerprint.ts';
import { base64 } from '../base64.ts';
import { html, type Markup } from './markup.ts';
import { STYLE } from './style.ts';

/**
 * A page that is one file: no scripts, nothing from elsewhere, and a policy of its own that would let neither in. Its one style sheet is
 * named by its hash; pictures are data.
 */
export async function reportPage(title: string, body: Markup): Promise<string> {
  const bytes = new TextEncoder().encode(STYLE);
  const policy = `default-src 'none'; style-src 'sha256-${base64(await sha256(bytes))}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const head = html`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>${title}</title>`;
  // The style sheet as it was hashed.
  return `<!doctype html>\n<html lang="en">\n<head>${head.text}<style>${STYLE}</style></head>\n<body>\n${body.text}\n</body>\n</html>\n`;
}
