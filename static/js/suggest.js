/* Offer titles, names and subjects while somebody types; without this the box is a plain search. */
const PAUSE = 150; // milliseconds after the last key

export function suggestWhileTyping() {
  const box = document.querySelector("input[data-suggestions]");
  if (!box) return;
  const list = document.createElement("datalist");
  list.id = "suggestions";
  box.after(list);
  box.setAttribute("list", list.id);
  let timer;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => offer(box, list), PAUSE);
  });
}

async function offer(box, list) {
  const typed = box.value.trim();
  if (!typed) return list.replaceChildren();
  try {
    const answer = await fetch(`${box.dataset.suggestions}?q=${encodeURIComponent(typed)}`);
    const [asked, words] = await answer.json();
    if (asked === box.value.trim()) list.replaceChildren(...words.map((word) => option(word, asked)));
  } catch {
    list.replaceChildren(); // the search itself still works
  }
}

/* A browser only shows what contains the typed letters; what was found by its reading gets them as a label. */
function option(word, typed) {
  const made = document.createElement("option");
  made.value = word;
  if (!word.includes(typed)) made.label = `${typed}：${word}`;
  return made;
}
