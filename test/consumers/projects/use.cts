// A CommonJS file's way to the package, which is ES modules alone: `import()`. Never run.
type Rhohat = typeof import('rhohat', { with: { 'resolution-mode': 'import' }});
type Data = typeof import('rhohat/data', { with: { 'resolution-mode': 'import' }});

async function use(): Promise<number> {
  const { Autoencoder, fit }: Rhohat = await import('rhohat');
  const { swissRoll }: Data = await import('rhohat/data');
  const { serve, trainInWorker } = await import('rhohat/worker');
  const { loadModel } = await import('rhohat/node');
  const model = await Autoencoder.create({ inputs: 3, hidden: [2], seed: 1 });
  const { cost } = await fit(model, swissRoll({ examples: 10, seed: 1 }).x);
  void [serve, trainInWorker, loadModel];
  return cost;
}

export = use;
