import { readTree, type SourceFile } from './architecture.ts';

// The messages of errors as they stand in the source: `…` for whatever is put into them.

const ERRORS =
  /\bnew (InputError|InUseError|ResultsElsewhere|TrainingError|CheckpointError|EngineError|InvalidArgumentError)\(/g;

/** Every message that an error of ours can begin with, by the files that throw it. */
export function messagesIn(files: readonly SourceFile[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of files) {
    for (const { index, 0: head } of text.matchAll(ERRORS)) {
      for (const message of argument(text, index + head.length)) {
        found.set(message, [...(found.get(message) ?? []), path]);
      }
    }
    // What schemas say is allowed: parse() puts the key and what was given in front of it.
    for (const { index } of text.matchAll(/['"`](?:it must|the list must) /g)) {
      const { value } = literal(text, index);
      if (!value.includes('\n')) found.set(value, [...(found.get(value) ?? []), path]);
    }
    // What kinds of layers and terms refuse: whoever asks them puts the key in front.
    for (const { index, 0: head } of text.matchAll(/\[(?:'\w+'|key), (?=[`']is )|return (?=`sparsity[ .])/g)) {
      const { value } = literal(text, index + head.length);
      found.set(value, [...(found.get(value) ?? []), path]);
    }
  }
  return found;
}

/** Files that hand on errors of another thread or process. */
const HAND_ON = ['src/web/protocol.ts', 'src/measures/hand-over.ts'];

/** Those of src, without the WebAssembly sources. */
export const sourceMessages = () =>
  messagesIn(readTree('src').filter(({ path }) => !path.includes('/assembly/') && !HAND_ON.includes(path)));

/** The first argument that begins at `at`: a literal, literals added up, a name of this file, or a call, which is `…`. */
function argument(text: string, at: number): string[] {
  let message = '';
  for (let i = skip(text, at); ; ) {
    if (/['"`]/.test(text[i])) {
      const { value, end } = literal(text, i);
      message += value;
      i = skip(text, end);
      if (text[i] === '+') {
        i = skip(text, i + 1);
        continue;
      }
      return [message];
    }
    const [, name = '', next = ''] = /^([\w.]+)\s*([,)])?/.exec(text.slice(i)) ?? [];
    const constant = next === '' ? null : new RegExp(`\\bconst ${name} = (?=['"\`])`).exec(text);
    return constant ? [literal(text, constant.index + constant[0].length).value] : ['…'];
  }
}

/** The text of a literal that begins at `at`, and where it ends. */
export function literal(text: string, at: number): { value: string; end: number } {
  const quote = text[at];
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') {
      value += text[i + 1] === 'n' ? '\n' : text[i + 1];
      i++;
    } else if (quote === '`' && text.startsWith('${', i)) {
      i = closing(text, i + 2);
      if (!value.endsWith('…')) value += '…';
    } else if (text[i] === quote) {
      return { value, end: i + 1 };
    } else value += text[i];
  }
  throw new Error(`a literal does not end: ${text.slice(at, at + 60)}`);
}

/** The index of the brace that closes the expression at `at`, whatever literals are in it. */
function closing(text: string, at: number): number {
  for (let i = at, depth = 0; i < text.length; i++) {
    if (/['"`]/.test(text[i])) i = literal(text, i).end - 1;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && depth-- === 0) return i;
  }
  throw new Error(`an expression does not end: ${text.slice(at, at + 60)}`);
}

function skip(text: string, at: number): number {
  return at + (/^(\s|\/\/.*\n)*/.exec(text.slice(at))?.[0].length ?? 0);
}
