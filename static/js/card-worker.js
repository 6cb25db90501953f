/* Serves the folder of the card: from the network, and from the saved copy when there is none. Keeps nothing itself. */
const STORE = "card";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function saved(request) {
  if (!(await caches.has(STORE))) return undefined;
  const store = await caches.open(STORE);
  return store.match(request, { ignoreVary: true });
}

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const answer = async () => {
    try {
      return await fetch(event.request);
    } catch {
      return (await saved(event.request)) ?? Response.error();
    }
  };
  event.respondWith(answer());
});
