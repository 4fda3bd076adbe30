/** " (did you mean b?)" for the word that a misspelt one is closest to; nothing where none is near. */
export function didYouMean(given: string, words: readonly string[]): string {
  const best = closest(given, words);
  return best === undefined ? '' : ` (did you mean ${best}?)`;
}

/** The word that a misspelt one is closest to; undefined where none is near. */
export function closest(given: string, words: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');
  const own = plain(given.slice(0, 40));
  const [best] = words
    .map((word) => ({ word, far: distance(own, plain(word)) }))
    .filter(({ word, far }) => far <= plain(word).length / 3)
    .sort((a, b) => a.far - b.far);
  return own === '' ? undefined : best?.word;
}

/** How many letters are changed, added or left out; two neighbours swapped count as one. [Damerau 1964] */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const other = Number(a[i - 1] !== b[j - 1]);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + other);
      rows[i][j] = swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
    }
  }
  return rows[a.length][b.length];
}
