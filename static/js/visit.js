/* A shared device: count down the last seconds of idleness, end the visit, show nobody the last person's pages. */
const dialog = document.querySelector("[data-idle]");
const leave = document.querySelector("[data-leave]");
const seconds = dialog.querySelector("[data-seconds]");
const voice = dialog.querySelector("[data-voice]");
const IDLE = Number(dialog.dataset.idle);
const WARNING = 15;
const SAY = [15, 10, 5];
const TOLD_EVERY = 20_000;
const WAIT = 800;

const ENDED = 410;
const tabs = new BroadcastChannel("visit");

let last = Date.now();
let told = Date.now();

function someoneIsThere() {
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

function tick() {
  const left = Math.ceil(IDLE - (Date.now() - last) / 1000);
  if (left <= 0) {
    end();
  } else if (left <= WARNING) {
    seconds.textContent = left;
    if (SAY.includes(left)) voice.textContent = voice.dataset.voice.replace("{seconds}", left);
    if (!dialog.open) dialog.showModal();
  }
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
