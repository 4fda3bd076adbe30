// The whole worker. Import maps of pages do not reach it: the library is named by its path, or by that of a CDN.
import { serve } from './rhohat/worker/index.js';

serve(self);
