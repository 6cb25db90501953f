/* Passkeys: asks the device and posts its answer with the page's own form. Without it a password does. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const ANSWERS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function readable(asked) {
  const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const options = { ...asked, challenge: bytes(asked.challenge), excludeCredentials: known(asked.excludeCredentials) };
  if (asked.user) options.user = { ...asked.user, id: bytes(asked.user.id) };
  return options;
}

function answer({ id, rawId, type, response }) {
  const said = ANSWERS.filter((name) => response[name]).map((name) => [name, words(response[name])]);
  return JSON.stringify({ id, rawId: words(rawId), type, clientExtensionResults: {}, response: Object.fromEntries(said) });
}

async function challenge(form) {
  if (form.dataset.asked) return JSON.parse(form.dataset.asked);
  const reply = await fetch(form.dataset.challenge, { method: "POST", body: new FormData(form) });
  const said = await reply.json();
  if (!reply.ok) throw new Error(said.words);
  return said;
}

async function ask(form) {
  const note = form.querySelector("[data-passkey-said]");
  note.hidden = true;
  try {
    const publicKey = readable(await challenge(form));
    form.elements.answer.value = answer(await navigator.credentials[form.dataset.passkey]({ publicKey }));
    form.submit();
  } catch (problem) {
    if (problem.constructor === Error && problem.message) note.textContent = problem.message;
    note.hidden = false;
    delete form.dataset.sent;
    form.querySelector("button").removeAttribute("aria-busy");
  }
}

const possible = (place) => window.PublicKeyCredential && location.origin === place.dataset.origin;
for (const place of document.querySelectorAll("[data-origin]")) place.hidden = !possible(place);
for (const note of document.querySelectorAll("[data-passkey-missing]"))
  note.hidden = Boolean(document.querySelector("[data-origin]:not([hidden])"));
for (const form of document.querySelectorAll("form[data-passkey]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
