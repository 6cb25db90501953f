/* Where a saved card lies on this device, and how it goes. */
export const STORE = "card";

export async function dropCard() {
  if (window.caches) await caches.delete(STORE);
}

/* Logging out drops the card; the server's Clear-Site-Data does the same for browsers that know it. */
export function dropCardOnLogout() {
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname.endsWith("/logout/")) dropCard();
  });
}
