// The whole script of a worker, for pages without a bundler: new Worker('…/rhohat/dist/browser/worker/script.js', { type: 'module' }).
import { serve } from './serve.ts';

serve(self);
