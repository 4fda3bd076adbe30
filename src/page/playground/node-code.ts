import { carryOverCode } from './carry-over.ts';
import { BATCH, optionsLike } from './kernels-here.ts';
import { literal } from './literal.ts';
import type { Session } from './session.ts';

/**
 * A program for Node that does what a session has done so far: the same data, the same changes after the same epochs, so
 * the same bits. What it ends with is model.safetensors.
 */
export function nodeCode({ data, segments, loaded, exact, present }: Session): string {
  const { runtime } = present;
  const own = literal(optionsLike(runtime));
  const done = segments.filter(({ epochs }, i) => epochs > 0 || i === 0);
  const moved = done.some(({ config }, i) => i > 0 && config !== done[i - 1].config);
  const names = ['Autoencoder', loaded ? 'deserializeModel' : null, 'fit', 'serializeModel'].filter(
    (name) => name !== null && (name !== 'Autoencoder' || !loaded || moved),
  );
  const files = data.code.imports.some((line) => line.includes('readFile')) || loaded;
  const imports = data.code.imports.filter((line) => !line.includes('node:fs'));
  const lines = [
    '// npm install rhohat ndarray; save this as train.mjs, and run it with: node train.mjs',
    `import { ${files ? 'readFile, ' : ''}writeFile } from 'node:fs/promises';`,
    `import { ${names.join(', ')} } from 'rhohat';`,
    ...imports,
    '',
    ...data.code.lines,
    '',
    ...(exact
      ? []
      : ['// Training diverged or failed once on the way, in the midst of an epoch: from there on other bits come.']),
    ...(runtime.device === 'cpu' && runtime.chosen === null
      ? []
      : [
          '// A graphics card’s bits are its own, and so are those of the fastest code: here the last digits may be others.',
        ]),
  ];
  for (const [i, { config, learningRate, epochs }] of done.entries()) {
    if (i === 0) {
      lines.push(
        loaded
          ? `let { model } = await deserializeModel(await readFile('model.safetensors'), ${own}); // as it was loaded`
          : `${moved ? 'let' : 'const'} model = await Autoencoder.create(${configLines(config)}, ${own});`,
      );
    } else if (config !== done[i - 1].config) lines.push(`model = await changed(model, ${configLines(config)});`);
    const options = { optimizer: { kind: 'adam', learningRate }, batchSize: BATCH, epochs: Math.max(1, epochs) };
    lines.push(`await fit(model, x, ${literal(options)});`);
  }
  lines.push("await writeFile('model.safetensors', await serializeModel(model, { preprocessing: steps }));");
  if (moved) lines.push('', carryOverCode(own));
  return `${lines.join('\n')}\n`;
}

/** A config, a key a line. */
function configLines(config: object): string {
  const entries = Object.entries(config).map(([key, value]) => `  ${key}: ${literal(value)},`);
  return `{\n${entries.join('\n')}\n}`;
}
