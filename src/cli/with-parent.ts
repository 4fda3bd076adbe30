/** Set in the environment of processes that end with the one that began them. */
export const ENDS_WITH_PARENT = 'RHOHAT_ENDS_WITH_PARENT';

/**
 * Of a process that another began, such as a run of a sweep: once that is gone, or lets go of it, it ends as by a signal, with a
 * checkpoint. It comes in as one of those that mean the same however often they come: a terminal and the parent may both ask.
 */
export function endWithParent(): void {
  if (process.env[ENDS_WITH_PARENT] === undefined || process.channel === undefined) return;
  const end = () => {
    if (process.listenerCount('SIGUSR2') > 0) process.emit('SIGUSR2', 'SIGUSR2');
    else process.exit(143); // nothing has begun
  };
  process.once('disconnect', end);
  process.channel.unref(); // listening would keep the process alive
}
