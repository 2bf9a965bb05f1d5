/** @returns the exit status that the contract promises. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stderr.write(`seenas ${argv.join(" ")}: no commands yet\n`);
  return 1;
}
