/** Seconds to read: 45 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A share of all as a percentage of two digits. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0) return '0%';
  if (value < 0.01) return '<0.01%';
  return value >= 9.95 ? `${Math.round(value)}%` : `${Number(value.toPrecision(2))}%`;
}

/** How much a unit is used, short. */
export function useOf(use: number, useIs: 'frequency' | 'mean'): string {
  return useIs === 'mean' ? use.toFixed(3) : percent(use);
}

/** 'weightDecay' → 'weight decay' */
export function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, end: string, begin: string) => `${end} ${begin.toLowerCase()}`);
}
