import { execFileSync } from 'node:child_process';

/** A Python with NumPy and PyTorch; undefined where there is none. */
export const PYTHON = ['python3', '/usr/bin/python3'].find((name) => {
  try {
    execFileSync(name, ['-c', 'import numpy, torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
