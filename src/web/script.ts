// The whole script of a worker, for pages without a bundler: new Worker('…/rhohat/dist/browser/worker/script.js', { type: 'module' }).
import type { Port } from './protocol.ts';
import { serve } from './serve.ts';

serve(self as unknown as Port);
