export { type Launch, launched, withoutLauncher } from './launch.ts';
export type { MpiGroup } from './mpi-group.ts';
export { openGroup } from './open-group.ts';
