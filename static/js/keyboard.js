/* The touch panel's keyboard: 五十音, ABC, 数字; real buttons, so it works by any pointer or key.
   The 五十音 stand column by column, so Tab goes あいうえお, かきくけこ whichever side the terminal's row begins on. */
import { CHANGES, PANELS, changed } from "./kana.js";

const FIELDS = "input:not([type=checkbox], [type=radio], [type=hidden], [type=submit], [type=date]), textarea";
const keyboard = document.querySelector("[data-keyboard]");
const keys = keyboard.querySelector("[data-keys]");
const tabs = keyboard.querySelector("[data-tabs]");
const said = keyboard.querySelector("[data-said]");
const words = keyboard.dataset; // in the language of the page
let field = null;
let capital = false;

function button(label, press, { name = label, wide = false } = {}) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = wide ? "key key--wide" : "key";
  made.textContent = label;
  if (name !== label) made.setAttribute("aria-label", name);
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("click", press);
  return made;
}

/* A box ticked in between has taken the focus: it goes back to what is written in, unless a key stands there. */
function write(text, spoken) {
  if (!keyboard.contains(document.activeElement)) field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  said.textContent = field.type === "password" ? words.typed : spoken;
}

const before = () => field.value.slice(0, field.selectionStart ?? field.value.length);
const after = () => field.value.slice(field.selectionEnd ?? field.value.length);

function put(sign) {
  const limit = field.maxLength > 0 ? field.maxLength : Infinity;
  const text = before() + sign + after();
  if (text.length > limit) return;
  const place = before().length + sign.length;
  write(text, sign === " " ? words.space : sign);
  field.setSelectionRange(place, place);
}

function change(key) {
  const tail = after();
  const text = changed(before(), key);
  write(text + tail, text.slice(-1));
  field.setSelectionRange(text.length, text.length);
}

function erase() {
  const [head, tail] = [before(), after()];
  const selected = field.value.length - head.length - tail.length;
  const kept = selected ? head : head.slice(0, -1);
  write(kept + tail, words.erased);
  field.setSelectionRange(kept.length, kept.length);
}

function grid(panel) {
  const box = document.createElement("div");
  box.className = panel.columns ? "keys__grid keys__grid--kana" : "keys__grid";
  const lines = panel.columns ?? panel.rows;
  if (panel.columns) box.dir = words.order === "left" ? "ltr" : "rtl";
  else box.classList.add(`keys__grid--${lines[0].length}`);
  for (const line of lines) {
    for (const small of line) {
      const sign = panel === PANELS.letters && capital ? small.toUpperCase() : small;
      box.append(sign === "　" ? document.createElement("span") : button(sign, () => put(sign)));
    }
  }
  return box;
}

function capitals() {
  const key = button(words.capitals, () => {
    capital = !capital;
    show("letters");
    keys.querySelector("[aria-pressed]").focus();
  }, { wide: true });
  key.setAttribute("aria-pressed", String(capital));
  return key;
}

/* The other field of the form that still has to be filled in. */
function lacking() {
  return [...(field.form?.elements ?? [])].find((one) => one !== field && one.required && !one.value && one.matches(FIELDS));
}

function goOn() {
  const next = lacking();
  if (next) next.focus();
  else field.form.requestSubmit();
}

function actions(panel) {
  const box = document.createElement("div");
  box.className = "keys__actions";
  if (panel.columns) for (const key of Object.keys(CHANGES)) box.append(button(key, () => change(key), { name: key === "小" ? words.small : words.marks }));
  if (panel === PANELS.letters) box.append(capitals());
  if (panel !== PANELS.digits) box.append(button(words.space, () => put(" "), { wide: true }));
  box.append(button(words.erase, erase, { wide: true }), button(words.clear, () => write("", words.cleared), { wide: true }));
  const label = field.form?.querySelector("button:not([type=button])")?.textContent.trim() || words.enter;
  const enter = button(lacking() ? words.next : label, goOn, { wide: true });
  enter.classList.add("key--enter");
  box.append(enter);
  return box;
}

function show(name) {
  const panel = PANELS[name];
  keys.replaceChildren(grid(panel), actions(panel));
  for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.panel === name));
}

function panelFor(input) {
  if (input.dataset.keyboard === "digits") return "digits";
  return input.type === "password" || input.type === "email" ? "letters" : "kana";
}

for (const [name, panel] of Object.entries(PANELS)) {
  const tab = button(words[name], () => show(name), { wide: true });
  tab.dataset.panel = name;
  tabs.append(tab);
}
tabs.append(button(words.close, close, { name: words.closeName, wide: true }));

function open(input) {
  if (input === field) return;
  field = input;
  show(panelFor(input));
  keyboard.hidden = false;
  document.documentElement.classList.add("has-keyboard");
  document.documentElement.style.scrollPaddingBlockEnd = `${keyboard.offsetHeight + 24}px`; // what is written in stands above the keys
  input.scrollIntoView({ block: "nearest" });
}

function close() {
  keyboard.hidden = true;
  document.documentElement.classList.remove("has-keyboard");
  document.documentElement.style.scrollPaddingBlockEnd = "";
  field?.focus();
  field = null;
}

for (const input of document.querySelectorAll(FIELDS)) {
  if (["numeric", "decimal"].includes(input.inputMode)) input.dataset.keyboard = "digits";
  input.inputMode = "none";
  input.addEventListener("focus", () => open(input));
  input.addEventListener("click", () => open(input));
}
/* An empty search waits for words, a login for the card; an answered search leaves the room to its results. */
const first = document.querySelector("[type=search], form:has([type=password]) input:not([type=hidden])");
const start = document.activeElement?.matches(FIELDS) ? document.activeElement : first;
if (start && !start.value && !document.querySelector("[data-focus]")) {
  start.focus({ preventScroll: true });
  open(start);
}
