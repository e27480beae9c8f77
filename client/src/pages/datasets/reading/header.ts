/** Does a table begin with the names of its columns? As the server decides it. */

export const TEXT_NAMES: readonly string[] =
  "text sentence review comment question query utterance message body content document tweet post abstract description summary headline title gloss input prompt sequence seq".split(
    " ",
  );
export const LABEL_NAMES: readonly string[] =
  "label labels class category target intent sentiment topic tag y genus family species phylum rating stars polarity emotion type output".split(
    " ",
  );
export const SPLIT_NAMES: readonly string[] = ["split", "subset", "fold", "partition"];

const KNOWN = new Set([...TEXT_NAMES, ...LABEL_NAMES, ...SPLIT_NAMES, "id", "index"]);
const NUMBER = /^[-+]?[\d.,]*\d(e[-+]?\d+)?%?$/i;
const SENTENCE = /[.!?…]$|[\n\r<>{}]|(\S+\s+){6}/;
const LONGEST_NAME = 100;

export const isNumber = (value: string): boolean => NUMBER.test(value.trim());

export function hasHeader(first: readonly string[], body: readonly (readonly string[])[]): boolean {
  const names = first.map((cell) => cell.trim());
  if (!lookLikeNames(names)) return false;
  const rows = body.filter((row) => row.length === names.length);
  const columns = names.map((_, place) => rows.map((row) => row[place]?.trim() ?? ""));
  if (names.some((name, place) => name && columns[place]?.includes(name))) return false;
  return holdKnownName(names) || names.some((name, place) => differs(name, columns[place] ?? []));
}

/** Empty names become `column_N`, repeated ones are numbered. */
export function uniqueNames(cells: readonly string[]): string[] {
  const names: string[] = [];
  for (const [place, cell] of cells.entries()) {
    const plain = cell.trim().replace(/^\ufeff/, "") || `column_${place + 1}`;
    let name = plain;
    for (let again = 2; names.includes(name); again++) name = `${plain}_${again}`;
    names.push(name);
  }
  return names;
}

function lookLikeNames(cells: readonly string[]): boolean {
  const names = cells.filter(Boolean);
  const isOdd = (name: string) =>
    name.length > LONGEST_NAME || isNumber(name) || SENTENCE.test(name);
  return names.length > 0 && !names.some(isOdd);
}

function holdKnownName(cells: readonly string[]): boolean {
  const names = cells.filter(Boolean).map((name) => name.toLowerCase());
  const holdsOne = (name: string) => name.split(/[\W_]+/).some((part) => KNOWN.has(part));
  return names.some((name) => KNOWN.has(name)) || (names.length > 1 && names.every(holdsOne));
}

/** Whether a name is of another sort than what stands under it. */
function differs(name: string, column: readonly string[]): boolean {
  const values = column.filter(Boolean);
  if (!name || values.length === 0) return false;
  const lengths = values.map((value) => value.length).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  const numeric = values.filter(isNumber).length >= 0.8 * values.length;
  const repeating = values.length >= 10 && new Set(values).size <= 0.2 * values.length;
  return median >= Math.max(20, 3 * name.length) || numeric || repeating;
}
