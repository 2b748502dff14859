/** Versions as Python packages write them, as far as a comparison needs it. */

/** The oldest server this extension works with. */
export const MINIMUM_SERVER = '0.1.0';
/** The oldest Python the server runs on. */
export const MINIMUM_PYTHON = '3.11';

/** Whether a version such as `0.2.0` or `0.2.0rc1` is not older than the other; false if unreadable. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = release(version);
  if (numbers.length === 0) {
    return false;
  }
  const wanted = release(minimum);
  for (let index = 0; index < Math.max(numbers.length, wanted.length); index++) {
    const difference = (numbers[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}

function release(version: string): number[] {
  const found = /^v?(\d+(?:\.\d+)*)/.exec(version.trim());
  return found?.[1] ? found[1].split('.').map(Number) : [];
}
