/* A shared device: count down the last seconds of idleness, end the visit, show nobody the last person's pages. */
const dialog = document.querySelector("[data-idle]");
const leave = document.querySelector("[data-leave]");
const seconds = dialog.querySelector("[data-seconds]");
const voice = dialog.querySelector("[data-voice]");
const IDLE = Number(dialog.dataset.idle);
const WARNING = 15;
const SAY = [15, 10, 5];
const TOLD_EVERY = 20_000;

let last = Date.now();
let told = Date.now();

function someoneIsThere() {
  if (dialog.open) return;
  last = Date.now();
  if (last - told > TOLD_EVERY) {
    told = last;
    fetch(dialog.dataset.stay, { method: "POST", keepalive: true });
  }
}

function tick() {
  const left = Math.ceil(IDLE - (Date.now() - last) / 1000);
  if (left <= 0) {
    clearInterval(clock);
    sessionStorage.removeItem("visit");
    leave.submit();
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

/* Only the library's own pages open from here. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && link.origin !== location.origin) event.preventDefault();
});

/* Back and Forward stay within one visit: a page of an earlier one is left for the start page. */
const visit = sessionStorage.visit ??= crypto.randomUUID();
const before = history.state?.visit;
if (before && before !== visit) location.replace("/");
history.replaceState({ visit }, "");
leave.addEventListener("submit", () => sessionStorage.removeItem("visit"));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
