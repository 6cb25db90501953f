/* The card on this device: kept for places without signal, shown large, dropped again. */
import { dropCard, STORE } from "./card-store.js";

const place = document.querySelector("script[data-worker]").dataset;
const find = (name) => document.querySelector(`[data-card${name}]`);
const say = (words) => { find("-status").textContent = words; };

async function keepCard() {
  await navigator.serviceWorker.register(place.worker, { scope: place.card });
  await navigator.serviceWorker.ready;
  const store = await caches.open(STORE);
  const looks = performance.getEntriesByType("resource").map((entry) => entry.name);
  await store.addAll(looks.filter((name) => /\.(css|svg)$/.test(new URL(name).pathname)));
  await store.put(place.card, await fetch(place.saved));
}

async function isKept() {
  return Boolean(window.caches && (await caches.has(STORE)));
}

function showTools(kept) {
  find("-keep").hidden = kept || !("serviceWorker" in navigator);
  find("-drop").hidden = !kept;
  find("-full").hidden = !document.documentElement.requestFullscreen;
  find("-tools").hidden = false;
}

find("-keep").addEventListener("click", async () => {
  try {
    await keepCard();
    showTools(true);
    say("この端末に保存しました。電波の届かないところでも開けます。");
  } catch {
    await dropCard();
    say("保存できませんでした。もう一度お試しください。");
  }
});

find("-drop").addEventListener("click", async () => {
  await dropCard();
  showTools(false);
  say("この端末から消しました。");
});

find("-full").addEventListener("click", async () => {
  await find("").requestFullscreen();
  await navigator.wakeLock?.request("screen").catch(() => {});
});

const kept = await isKept();
showTools(kept);
if (kept) keepCard().catch(() => {}); // the copy is always that of the patron who is logged in
