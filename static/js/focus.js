/* After a refused form the focus stands on the list of what to mend. */
export function focusErrors() {
  document.querySelector("[data-focus]")?.focus();
}
