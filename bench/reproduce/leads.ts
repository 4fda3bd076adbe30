/**
 * Pictures that open the section of a row which marks none as `first`, where the first that it draws is not the one to begin with, or
 * several are only read beside each other.
 */
export const LEADS: Readonly<Record<string, readonly string[]>> = {
  'k-sparse': [70, 40, 25, 10].map((k) => `k-sparse-features-${k}.png`),
  'k-sparse-sgd': ['throughout', 'fall'].map((survivors) => `k-sparse-sgd-features-${survivors}.png`),
  denoising: [0, 25, 50].map((percent) => `denoising-features-${percent}.png`),
  contractive: ['contractive', 'weight-decay', 'plain'].map((kind) => `contractive-features-${kind}.png`),
  'deep-autoencoder': ['deep-autoencoder-reconstructions.png', 'deep-autoencoder-pca.png'],
  'swiss-roll': ['swiss-roll-sheets.svg'],
  penalties: ['penalties-weights.svg'],
};
