/** A figure of a text that others learn from, and the pictures of a row that answer it. */
export interface SeedFigure {
  readonly title: string;
  /** What theirs shows, with its number and source. */
  readonly theirs: string;
  readonly row: string;
  /** In docs/results/, of that row. */
  readonly files: readonly string[];
  /** What to look for in ours, and what differs. */
  readonly ours: string;
  /** Figures of the row that put it into numbers, by their names, and what they are called here. */
  readonly numbers: Readonly<Record<string, string>>;
}

const LECTURE = 'Bunescu, ITCS 6156/8156 Machine Learning, lecture "AutoEncoders: Sparse & Denoising AE"';
const REPORT = 'Khan, "Technical report on the sparse auto encoders"';
const BLOG = '"Deep Learning: Sparse Autoencoders", blog Robotics and Reinforcement Learning, 26 November 2014';

/** In the order of the page. */
export const seedFigures: readonly SeedFigure[] = [
  {
    title: 'Edges of natural images',
    theirs: `the features that a sparse autoencoder learns from natural images, slide "Natural Features" [${LECTURE}]; the inputs that 100 units on 10×10 patches respond to most, edges of different places and directions [Ng, CS294A lecture notes].`,
    row: 'cs294a',
    files: ['cs294a-features.png'],
    ours: "25 units on 8×8 patches, as the notes' exercise has it: each square is a bright stripe beside a dark one, at its own place and angle.",
    numbers: { 'cost after 400 iterations': 'cost', 'time of training': 'trained in' },
  },
  {
    title: 'Pen strokes of digits',
    theirs: `the features that a sparse autoencoder learns from handwritten digits, slide "Digit Features" [${LECTURE}]; the UFLDL exercise says what to expect: pen strokes.`,
    row: 'ufldl-mnist',
    files: ['ufldl-mnist-features.png'],
    ours: 'each square holds a short stroke, straight or bent, bright on the grey of pixels that count for nothing.',
    numbers: { 'largest |ρ̂ − 0.1| of a unit': 'largest |ρ̂ − 0.1| of a unit', 'time of training': 'trained in' },
  },
  {
    title: 'Colour features',
    theirs:
      '400 features of 8×8 colour patches: edges, and opponent colours [UFLDL wiki, exercise "Linear Decoders"; the other texts name no colour features].',
    row: 'colour',
    files: ['colour-features.png'],
    ours: 'the same net, on CIFAR-10 where theirs is on STL-10, whose patches are finer.',
    numbers: { cost: 'cost', 'time of training': 'trained in' },
  },
  {
    title: 'Filters of denoising autoencoders',
    theirs: `three slides "Learned Filters": (a) no destroyed inputs, (b) 25% destruction, (c) 50% destruction [${LECTURE}, after Vincent et al., ICML 2008].`,
    row: 'denoising',
    files: ['denoising-features-0.png', 'denoising-features-25.png', 'denoising-features-50.png'],
    ours: 'the same 100 units with 0, 25 and 50% of the pixels masked: dots of few pixels and grain become blobs, strokes and pairs of bands, which are larger; some units are grain still at 50%.',
    numbers: Object.fromEntries(
      [0, 25, 50].map((percent) => [
        `size of a filter's details, in shifts, ${percent}% masked, median of the units`,
        `details in shifts, ${percent}% masked`,
      ]),
    ),
  },
  {
    title: 'Two neurons as the noise grows',
    theirs: `"Learned Filters, Zoomed": (d) neuron A and (e) neuron B with 0, 10, 20 and 50% destruction [${LECTURE}].`,
    row: 'denoising',
    files: ['denoising-neurons.png'],
    ours: 'two neurons with 0, 25 and 50%: levels of 10 and 20% were not trained.',
    numbers: {},
  },
  {
    title: 'A digit repaired',
    theirs: `slide "Denoising Autoencoder": some components of x are set to 0, this x̃ goes in, and the original x shall come out [${LECTURE}].`,
    row: 'denoising',
    files: ['denoising-repaired-50.png'],
    ours: 'digits that the net never saw, the same with half of their pixels masked, and what it makes of these.',
    numbers: {
      'squared error of a validation digit, repaired from 50% masked, by the net of 50%': 'squared error of a digit',
    },
  },
  {
    title: 'From local strokes to whole digits',
    theirs: `1000 units on MNIST: (a) k = 70, (b) k = 40, (c) k = 25, (d) k = 10; "for high k-values the features learned are highly local while low k-values learned features that were global and specific" [${BLOG}, after Makhzani & Frey 2013, Figure 1].`,
    row: 'k-sparse',
    files: [
      'k-sparse-features-70.png',
      'k-sparse-features-40.png',
      'k-sparse-features-25.png',
      'k-sparse-features-10.png',
    ],
    ours: 'single dots, short strokes and gratings at k = 70, loops and whole digits at k = 10. Grain all over a square is a unit that never learnt: 60 epochs here, 5,000 in the paper.',
    numbers: {},
  },
  {
    title: 'The Swiss roll',
    theirs: `figure 5, "3D Nonlinear Swiss roll", and figure 6, "2D Linear manifold in 3D" [${REPORT}].`,
    row: 'swiss-roll',
    files: ['swiss-roll-sheets.svg'],
    ours: 'the roll, what an autoencoder decodes of two numbers of each point, and what the best plane does.',
    numbers: { 'squared error, 2 latent units': 'squared error of a point', '– PCA-2': 'of the plane' },
  },
  {
    title: 'Linear against nonlinear',
    theirs: `figure 4, "Linear vs. nonlinear dimensionality reduction"; by the text, principal components find a hyperplane of lower dimension, and autoencoders nonlinear manifolds too [${REPORT}].`,
    row: 'swiss-roll',
    files: ['swiss-roll-cross-section.svg'],
    ours: 'both on the same points, trained.',
    numbers: {
      'cross-section, ¾ turn: squared error, 1 latent unit': 'squared error over ¾ turn',
      'cross-section, 1½ turns: squared error, 1 latent unit': 'over 1½ turns',
    },
  },
  {
    title: 'L1, L2 and their derivatives',
    theirs: `two figures 9, "L1 regularization and its derivative" and "L2 regularization and its derivative": the first moves w by steps of one size, the second by ever smaller ones, and never to 0 [${REPORT}].`,
    row: 'penalties',
    files: ['penalties-l1.svg', 'penalties-l2.svg', 'penalties-shrinkage.svg'],
    ours: 'the two pairs of curves, and what the text says of them, computed.',
    numbers: {},
  },
  {
    title: 'The KL divergence at ρ = 0.2',
    theirs: `figure 10, "KL divergence": the penalty over the mean activation, "approximately equal to zero" at 0.2 [${REPORT}]; Ng's notes plot the same.`,
    row: 'penalties',
    files: ['penalties-kl.svg', 'penalties-mean-activation.svg'],
    ours: 'the curve with its derivative; and where training takes the mean activation, which is the use of it.',
    numbers: { '– KL, ρ = 0.2': 'mean activation in the end' },
  },
];
