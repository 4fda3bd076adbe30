import { serve } from 'rhohat/worker';

serve(self);
