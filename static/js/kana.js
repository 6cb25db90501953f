/* The keys of the touch panel, and what ゛, ゜ and 小 make of the last character. */
const COLUMNS = ["あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも", "や　ゆ　よ", "らりるれろ", "わをんー・"];

export const PANELS = {
  kana: { label: "五十音", columns: COLUMNS },
  letters: { label: "ABC", rows: ["1234567890", "abcdefghij", "klmnopqrst", "uvwxyz-_.@"] },
  digits: { label: "数字", rows: ["123", "456", "789", "0-."] },
};

const cycle = (text) => Object.fromEntries([...text].map((sign, at, all) => [sign, all[(at + 1) % all.length]]));
const cycles = (words) => Object.assign({}, ...words.split(" ").map(cycle));

export const CHANGES = {
  "゛゜": cycles("かが きぎ くぐ けげ こご さざ しじ すず せぜ そぞ ただ ちぢ つづ てで とど はばぱ ひびぴ ふぶぷ へべぺ ほぼぽ うゔ"),
  小: cycles("あぁ いぃ うぅ えぇ おぉ やゃ ゆゅ よょ つっ わゎ"),
};

/** Return the text with its last character changed by ゛゜ or 小; unchanged where there is no such character. */
export function changed(text, key) {
  const next = CHANGES[key][text.slice(-1)];
  return next ? text.slice(0, -1) + next : text;
}
