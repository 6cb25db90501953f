// The counter's screen: the field never loses the focus, and a scan that comes while the last one is still being
// answered waits its turn instead of getting lost. Without this script the form simply posts.

const TONES = {
  good: [[880, 0, .09]],
  shelf: [[660, 0, .09]],
  hold: [[880, 0, .09], [1175, .11, .16]],
  send: [[660, 0, .09], [880, .11, .09], [660, .22, .14]],
  notice: [[520, 0, .16]],
  stop: [[190, 0, .28], [160, .3, .35]],
};
const waiting = [];
let busy = false;
let audio;

const panel = () => document.getElementById("desk-panel");
const field = () => document.getElementById("scan");

function play(tone) {
  if (!TONES[tone]) return;
  audio ??= new AudioContext();
  for (const [pitch, after, length] of TONES[tone]) {
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + after;
    voice.type = tone === "stop" ? "sawtooth" : "sine";
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(.16, start);
    volume.gain.exponentialRampToValueAtTime(.001, start + length);
    voice.connect(volume).connect(audio.destination);
    voice.start(start);
    voice.stop(start + length);
  }
}

function show(text, address) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("desk-panel");
  if (!fresh) { location.assign(address); return; }
  const typed = field()?.value ?? "";
  panel().replaceWith(fresh);
  if (field()) field().value = typed;
  document.title = page.title;
  settle();
}

function settle() {
  play(document.querySelector(".answer")?.dataset.tone);
  (document.getElementById("override") ?? field())?.focus();
}

function fail() {
  const answer = document.querySelector(".answer");
  answer.className = "answer answer--stop";
  answer.replaceChildren(Object.assign(document.createElement("p"), {
    className: "answer__headline", textContent: "送れませんでした",
  }), Object.assign(document.createElement("p"), {
    className: "answer__detail", textContent: "つながりを確かめて、もう一度読み取ってください。",
  }));
  play("stop");
}

async function serve() {
  if (busy) return;
  busy = true;
  while (waiting.length) {
    const own = waiting.shift();
    const form = document.querySelector("form.scan");
    const body = new FormData(form);
    for (const [name, value] of Object.entries(own)) body.set(name, value);
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const moved = answer.url !== form.action;
      if (moved || !answer.ok) { location.assign(answer.url); return; }
      show(await answer.text(), answer.url);
    } catch { fail(); }
  }
  busy = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-desk]");
  if (!form) return;
  event.preventDefault();
  const typed = Object.fromEntries(new FormData(form));
  const slip = document.querySelector(".answer__slip");
  if (form.classList.contains("scan")) field().value = "";
  if (slip && /^[sｓ]$/i.test(typed.scan)) { window.open(slip.href, "slip", "width=440,height=640"); return; }
  waiting.push({ scan: typed.scan, ...(typed.override ? { override: typed.override } : {}) });
  serve();
});

document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input, select, textarea, button, a");
  if (!inField && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field()?.focus();
});

settle();
