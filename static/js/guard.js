/* On a shared device, before anything is drawn: Back and Forward stay within one visit. A page of an earlier one is
   left for the start page. Writing the state anew also makes the answer to a form an ordinary page, which Back opens
   without sending the form again. */
{
  const visit = (sessionStorage.visit ??= crypto.randomUUID());
  const before = history.state?.visit;
  if (before && before !== visit) {
    document.documentElement.hidden = true;
    location.replace("/");
  }
  history.replaceState({ visit }, "", location.href);
}
