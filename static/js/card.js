/* The card on this device: kept for places without signal, shown large, dropped again. */
import { dropCard, STORE } from "./card-store.js";

const place = document.querySelector("script[data-worker]").dataset;
const find = (name) => document.querySelector(`[data-card${name}]`);
const say = (what) => {
  for (const words of document.querySelectorAll("[data-card-said]")) words.hidden = words.dataset.cardSaid !== what;
};

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
    say("kept");
  } catch {
    await dropCard();
    say("failed");
  }
});

find("-drop").addEventListener("click", async () => {
  await dropCard();
  showTools(false);
  say("dropped");
});

find("-full").addEventListener("click", async () => {
  await find("").requestFullscreen();
  await navigator.wakeLock?.request("screen").catch(() => {});
});

const kept = await isKept();
showTools(kept);
if (kept) keepCard().catch(() => {}); // the copy is always that of the patron who is logged in
