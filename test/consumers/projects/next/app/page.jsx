'use client';
import { useEffect } from 'react';
import { work } from './work.mjs';

// biome-ignore lint/style/noDefaultExport: Next asks for one
export default function Page() {
  useEffect(() => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });
    work(worker).then(
      (result) => {
        document.title = JSON.stringify(result);
      },
      (error) => {
        document.title = JSON.stringify({ error: error.stack });
      },
    );
    return () => worker.terminate();
  }, []);
  return <p>working</p>;
}
