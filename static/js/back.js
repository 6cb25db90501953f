/* 「もどる」 of the touch panel: the page before, else the page above this one. */
const above = [...document.querySelectorAll(".crumbs a")].at(-1);

document.querySelector("[data-back]").addEventListener("click", () => {
  if (window.navigation?.canGoBack) history.back();
  else location.assign(above?.href ?? "/");
});
