/* After a refused form the focus stands on the list of what to mend, after an action on what it did: words that stand on
   a page from its beginning are read out by no screen reader of itself. */
export function focusErrors() {
  (document.querySelector("main [data-focus]") ?? document.querySelector("[data-focus]"))?.focus();
}
