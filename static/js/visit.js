/* A shared device: count down the last seconds of idleness, end the visit, show nobody the last person's pages. */
const dialog = document.querySelector("[data-idle]");
const leave = document.querySelector("[data-leave]");
const seconds = dialog.querySelector("[data-seconds]");
const voice = dialog.querySelector("[data-voice]");
const IDLE = Number(dialog.dataset.idle);
const WHOLE_ENDS = dialog.dataset.whole ? Date.now() + Number(dialog.dataset.whole) * 1000 : Infinity;
const WARNING = 15;
const WHOLE_WARNINGS = [60, WARNING]; // each shown once: however busy somebody is, the visit ends
const SAY = [60, 15, 10, 5];
const TOLD_EVERY = 20_000;
const WAIT = 800;

const ENDED = 410;
const tabs = new BroadcastChannel("visit");

let last = Date.now();
let told = Date.now();
let touched = false;

function someoneIsThere() {
  touched = true;
  if (dialog.open) return;
  last = Date.now();
  if (last - told > TOLD_EVERY) {
    told = last;
    tabs.postMessage("there");
    tell();
  }
}

/* Whoever was logged out by the server, or whose device staff have revoked, sees no more of the page. */
async function tell() {
  const answer = await fetch(dialog.dataset.stay, { method: "POST", keepalive: true });
  if (answer.status === ENDED) end();
}

function over() {
  sessionStorage.removeItem("visit");
  tabs.postMessage("left");
}

function end() {
  clearInterval(clock);
  document.documentElement.hidden = true;
  over();
  leave.submit();
}

/* Another tab logs out at this moment: show nothing, and ask the server when it is done. */
function vanish() {
  clearInterval(clock);
  document.documentElement.hidden = true;
  sessionStorage.removeItem("visit");
  setTimeout(() => location.replace("/"), WAIT);
}

/* A start page that nobody has touched waits in peace; what was read before it becomes an earlier visit (guard.js). */
function rest() {
  sessionStorage.visit = crypto.randomUUID();
  history.replaceState({ visit: sessionStorage.visit }, "", location.href);
  last = Date.now();
}

function warn(why) {
  for (const words of dialog.querySelectorAll("[data-words]")) words.hidden = words.dataset.words !== why;
  dialog.showModal();
}

function tick() {
  const idle = Math.ceil(IDLE - (Date.now() - last) / 1000);
  const whole = Math.ceil((WHOLE_ENDS - Date.now()) / 1000);
  const rests = "rests" in dialog.dataset && !touched;
  const left = Math.min(idle, whole);
  if (left <= 0) return rests ? rest() : end();
  if (!dialog.open && idle <= WARNING && !rests) warn("idle");
  if (!dialog.open && whole <= WHOLE_WARNINGS[0]) warn("whole");
  while (whole <= WHOLE_WARNINGS[0]) WHOLE_WARNINGS.shift();
  if (!dialog.open) return;
  seconds.textContent = left;
  if (SAY.includes(left)) voice.textContent = voice.dataset.voice.replace("{seconds}", left);
}

for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, someoneIsThere, { passive: true });
dialog.addEventListener("close", () => {
  voice.textContent = "";
  someoneIsThere();
});
const clock = setInterval(tick, 250);

/* The visit ends in every tab and window of the device, and who is busy in one is not idle in another. */
tabs.addEventListener("message", ({ data }) => {
  if (data === "there") last = Date.now();
  if (data === "left") vanish();
});
leave.addEventListener("submit", over);
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/* Only the library's own pages open from here, and in this window: no second tab, no download, no menu of the browser,
   nothing dragged out. */
for (const kind of ["click", "auxclick"]) {
  document.addEventListener(kind, (event) => {
    const link = event.target.closest("a[href]");
    const aside = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (link && (aside || link.origin !== location.origin)) event.preventDefault();
  });
}
for (const kind of ["contextmenu", "dragstart"]) addEventListener(kind, (event) => event.preventDefault());

/* The browser keeps nothing of what is typed, and offers nobody what somebody else typed. */
for (const form of document.forms) for (const one of [form, ...form.elements]) one.autocomplete = "off";
