export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const rounded = (value, digits) => Number(value.toFixed(digits));

/**
 * A B A B …: what a neighbour on the machine takes is taken from both.
 *
 * @returns the median of what `ours` measured, and of the ratios within each pair
 */
export function paired(ours, theirs, runs) {
  const values = [];
  const ratios = [];
  for (let run = 0; run < runs; run += 1) {
    const reference = theirs();
    const value = ours();
    values.push(value);
    ratios.push(value / reference);
  }
  return { value: median(values), ratio: median(ratios), runs };
}
