import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Matrix } from 'rhohat';
import { deadLeaves, displayFilters, prepare } from 'rhohat/data';
import { Features } from './Features.tsx';

const SIDE = 10;
const images = deadLeaves({ images: 20, size: 128, seed: 1 });
const { x, steps } = prepare(
  [images],
  {
    patches: { size: SIDE, count: 10_000, seed: 1 },
    preprocessing: [{ kind: 'zca', epsilon: 0.1 }, { kind: 'cs294a' }],
  },
  'float32',
);
const filters = (weights: Matrix) => displayFilters(steps, weights);
const options = { optimizer: { kind: 'lbfgs', iterations: 200 } } as const;

function App() {
  const [seed, setSeed] = useState(1);
  const [shown, setShown] = useState(true);
  const config = useMemo(
    () => ({
      inputs: SIDE * SIDE,
      hidden: 49,
      weightDecay: 1e-4,
      sparsity: { kind: 'kl', target: 0.01, weight: 3 } as const,
      seed,
    }),
    [seed],
  );
  return (
    <>
      <h1>Features, in React</h1>
      <p>A new seed ends the run and its worker, and so does Hide.</p>
      <button type="button" onClick={() => setSeed(seed + 1)}>
        Seed {seed + 1}
      </button>
      <button type="button" onClick={() => setShown(!shown)}>
        {shown ? 'Hide' : 'Show'}
      </button>
      {shown && <Features x={x} config={config} options={options} side={SIDE} filters={filters} />}
    </>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
