/* What tests/layout_audit.py asks of the page that stands open: each question returns the faults it sees, in words. */
globalThis.layoutAudit ??= (() => {
  const SLACK = 1.5; // pixels; what rounding makes
  const SEEN = 3; // contrast of what is no text (WCAG 1.4.11)
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  const CONTROLS = "button, .button, input, select, textarea, summary, nav a";
  const EDGED = "button, .button, input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea, .status, .count, .pick, .notice";

  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (one) => `${one.outerHTML.replace(/\s+/g, " ").slice(0, 110)}`;
  const style = (one, pseudo) => getComputedStyle(one, pseudo);
  let known = new Map(); // what is cut away; asked again for every question
  const tiny = (box) => box.width <= 2 || box.height <= 2;

  function parents(one) {
    const found = [];
    for (let above = one.parentElement; above; above = above.parentElement) found.push(above);
    return found;
  }

  /* Words for screen readers alone are cut down to a pixel or to nothing. */
  function cutAway(one) {
    const { overflowX, clipPath } = style(one);
    return clipPath === "inset(50%)" || (overflowX !== "visible" && one !== document.documentElement && tiny(one.getBoundingClientRect()));
  }

  function away(one) {
    if (!known.has(one)) known.set(one, cutAway(one) || (one.parentElement !== null && away(one.parentElement)));
    return known.get(one);
  }

  const inSight = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !away(one);

  /* ---- nothing is lost on a narrow page ---- */

  const scrolls = (one) => ["auto", "scroll"].includes(style(one).overflowX) && one.scrollWidth > one.clientWidth + SLACK;

  function wide() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const over = all("body *").filter((one) => inSight(one) && one.getBoundingClientRect().right > root.clientWidth + SLACK);
    const own = over.filter((one) => !parents(one).some(scrolls) && ![...one.children].some((child) => over.includes(child)));
    return [`page is ${root.scrollWidth - root.clientWidth} px too wide`, ...own.slice(0, 5).map((one) => `too wide: ${named(one)}`)];
  }

  function regions() {
    const faults = [];
    for (const one of all("body *").filter((each) => !each.matches("input, select, textarea") && inSight(each) && scrolls(each))) {
      if (one.tabIndex < 0 && !one.querySelector(STOPS)) faults.push(`scrolls and no key reaches it: ${named(one)}`);
      if (!one.closest("[aria-label], [aria-labelledby]")) faults.push(`scrolls and has no name: ${named(one)}`);
    }
    return faults;
  }

  function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const one = node.parentElement;
      if (!node.data.trim() || one.closest("[aria-hidden=true], select, textarea, svg") || !inSight(one)) continue;
      range.selectNodeContents(node);
      yield [one, () => [...range.getClientRects()].filter((box) => !tiny(box))];
    }
  }

  /* A line that ends in … is cut on purpose: it stands in a link that leads to the whole. */
  function cut(one, box) {
    for (const above of [one, ...parents(one)].slice(0, -1)) {
      const { overflowX, overflowY, webkitLineClamp, position } = style(above);
      if (webkitLineClamp !== "none" || [overflowX, overflowY].some((kind) => ["auto", "scroll"].includes(kind))) return false;
      const edge = above.getBoundingClientRect();
      const across = overflowX !== "visible" && (box.left < edge.left - SLACK || box.right > edge.right + SLACK);
      const down = overflowY !== "visible" && (box.top < edge.top - SLACK || box.bottom > edge.bottom + SLACK);
      if (across || down) return true;
      if (position === "fixed") return false;
    }
    return false;
  }

  function covered(one, box) {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top && !one.contains(top) && !top.contains(one) && top;
  }

  /* What is fixed to the window covers what passes under it; what is lost cannot be brought out by scrolling. */
  function under(one, box) {
    if ([one, ...parents(one)].some(scrolls)) return false;
    const { top, bottom } = box();
    if (top >= 0 && bottom <= innerHeight && !covered(one, box())) return false;
    scrollTo(0, scrollY + top - innerHeight * .3);
    return covered(one, box());
  }

  function lost() {
    const faults = [];
    for (const [one, boxes] of texts()) {
      for (const at of boxes().keys()) {
        if (cut(one, boxes()[at])) faults.push(`cut off: ${named(one)}`);
        const over = under(one, () => boxes()[at]);
        if (over) faults.push(`${named(one)} is covered by ${named(over)}`);
      }
    }
    scrollTo(0, 0);
    return [...new Set(faults)];
  }

  const spacing = new CSSStyleSheet();
  spacing.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);

  /* Spread text as WCAG 1.4.12 does, or take that back. */
  function spread(wanted) {
    document.adoptedStyleSheets = wanted ? [spacing] : [];
  }

  /* ---- colours ---- */

  function channels(colour) {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [red, green, blue], alpha };
  }

  function light(colour) {
    const [red, green, blue] = channels(colour).rgb.map((part) => part / 255).map((part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4));
    return .2126 * red + .7152 * green + .0722 * blue;
  }

  function differ(one, other) {
    if (channels(one).alpha < .5) return false;
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + .05) / (dark + .05) >= SEEN;
  }

  function ground(one) {
    const filled = [one, ...parents(one)].find((each) => channels(style(each).backgroundColor).alpha > .5);
    return filled ? style(filled).backgroundColor : "rgb(255, 255, 255)";
  }

  function edges(one) {
    const { outlineStyle, outlineWidth, outlineColor, ...rest } = style(one);
    const sides = ["Top", "Right", "Bottom", "Left"].map((side) => [style(one)[`border${side}Style`], style(one)[`border${side}Width`], style(one)[`border${side}Color`]]);
    return [...sides, [outlineStyle, outlineWidth, outlineColor]].filter(([kind, width]) => !["none", "hidden"].includes(kind) && parseFloat(width) >= 1).map(([, , colour]) => colour);
  }

  function edged() {
    const bare = (one) => !edges(one).some((colour) => differ(colour, ground(one.parentElement)) || differ(colour, ground(one)));
    return all(EDGED).filter((one) => inSight(one) && bare(one)).map((one) => `no edge in forced colours: ${named(one)}`);
  }

  function paints(svg) {
    const { fill, stroke, color } = style(svg);
    const own = (value, inherited) => (value ? (value.toLowerCase() === "currentcolor" ? color : value) : inherited);
    const shapes = [...document.querySelector(svg.querySelector("use").getAttribute("href")).querySelectorAll("*")];
    return shapes.flatMap((one) => [own(one.getAttribute("fill"), fill), own(one.getAttribute("stroke"), stroke)]).filter((paint) => paint.startsWith("rgb"));
  }

  function drawn() {
    const pale = (svg) => !paints(svg).some((paint) => differ(paint, ground(svg)));
    const free = (svg) => ![svg, ...parents(svg)].some((one) => style(one).forcedColorAdjust === "none");
    return all("svg:has(> use)").filter((svg) => inSight(svg) && free(svg) && pale(svg)).map((svg) => `icon not seen in forced colours: ${named(svg)} ${svg.parentElement.className}`);
  }

  /* ---- movement ---- */

  function moving() {
    const seconds = (times) => Math.max(...times.split(",").map((time) => parseFloat(time)));
    const moves = ({ animationName, animationDuration, transitionDuration, scrollBehavior }) =>
      (animationName !== "none" && seconds(animationDuration) > .01) || seconds(transitionDuration) > .01 || scrollBehavior === "smooth";
    return all("*").filter((one) => [null, "::before", "::after"].some((part) => moves(style(one, part)))).map((one) => `moves: ${named(one)}`);
  }

  /* ---- targets ---- */

  function target(one) {
    const boxes = [one, ...(one.matches("[type=checkbox], [type=radio]") ? one.labels : [])].map((each) => each.getBoundingClientRect());
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
    return { width: Math.max(...boxes.map((box) => box.right)) - left, height: Math.max(...boxes.map((box) => box.bottom)) - top };
  }

  function inSentence(one) {
    if (!one.matches("a") || style(one).display !== "inline") return false;
    const block = parents(one).find((above) => style(above).display !== "inline");
    const links = [...block.querySelectorAll("a, .visually-hidden")].map((each) => each.textContent).join("");
    return block.textContent.replace(/\s/g, "").length > links.replace(/\s/g, "").length;
  }

  function small(any, control) {
    const faults = [];
    for (const one of all(STOPS).filter((each) => inSight(each) && !each.matches(".skip") && !inSentence(each))) {
      const { width, height } = target(one);
      const least = one.matches(CONTROLS) ? control : any;
      if (height < least - .5 || width < least - .5) faults.push(`${width.toFixed(0)} × ${height.toFixed(0)} px: ${named(one)}`);
    }
    return faults;
  }

  /* ---- focus ---- */

  const before = new Map();
  let passed = [];

  function stops() {
    const chosen = (one) => !one.matches("[type=radio]") || one.checked || (one === all("input[type=radio]").find((each) => each.name === one.name && each.form === one.form) && !all("input:checked").some((each) => each.name === one.name && each.form === one.form));
    return all(STOPS).filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) && chosen(one));
  }

  const mark = (one) => [style(one).outlineStyle, style(one).outlineWidth, style(one).outlineColor, style(one).boxShadow].join();

  function marked(one) {
    const { outlineStyle, outlineWidth, outlineColor } = style(one);
    const grounds = [ground(one), ground(one.parentElement)];
    const line = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && grounds.some((colour) => differ(outlineColor, colour));
    return line && mark(one) !== before.get(one);
  }

  /* Begin at the top of the page, with nothing in focus. */
  function begin() {
    document.activeElement.blur();
    scrollTo(0, 0);
    for (const one of all(STOPS)) before.set(one, mark(one));
    passed = [];
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  }

  /* Look at every stop without pressing a key: is its focus drawn? */
  function unmarked() {
    begin();
    const faults = [];
    for (const one of stops()) {
      if (!one.isConnected) continue; // the keyboard on the screen changes its keys with the field
      one.focus({ focusVisible: true, preventScroll: true });
      if (!marked(one)) faults.push(`focus not drawn: ${named(one)}`);
    }
    document.activeElement.blur();
    return faults;
  }

  function hidden(one) {
    const boxes = [...one.getClientRects()].filter((box) => !tiny(box));
    const box = boxes[0] ?? one.getBoundingClientRect();
    const fits = box.height <= innerHeight && box.width <= innerWidth;
    const whole = box.top >= -SLACK && box.left >= -SLACK && box.bottom <= innerHeight + SLACK && box.right <= innerWidth + SLACK;
    const part = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (fits ? !whole : !part) return [`focus outside the window: ${[box.left, box.top, box.right, box.bottom].map(Math.round)} ${named(one)}`];
    const over = [[.5, .5], [.2, .2], [.8, .2], [.2, .8], [.8, .8]]
      .map(([across, down]) => document.elementFromPoint(box.left + box.width * across, box.top + box.height * down))
      .find((top) => top && !one.contains(top) && !top.contains(one));
    return over ? [`focus on ${named(one)} is covered by ${named(over)}`] : [];
  }

  /* Judge where the focus has come by a key: null at the end of the page. */
  function stop() {
    const one = document.activeElement;
    const last = passed.at(-1);
    if (one === last) return []; // a field for a date has a stop for each of its parts
    if (one === document.body || one === document.documentElement || passed.includes(one)) return null;
    passed.push(one);
    const faults = marked(one) ? [] : [`focus not drawn: ${named(one)}`];
    if (last?.isConnected && !(last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)) faults.push(`focus goes back to ${named(one)}`);
    return faults.concat(hidden(one));
  }

  function unreached() {
    document.activeElement.blur();
    return stops().filter((one) => !passed.includes(one)).map((one) => `no Tab reaches ${named(one)}`);
  }

  const asked = { wide, regions, lost, spread, edged, drawn, moving, small, begin, stop, unmarked, unreached };
  const fresh = (question) => (...given) => {
    known = new Map();
    return question(...given);
  };
  return Object.fromEntries(Object.entries(asked).map(([name, question]) => [name, fresh(question)]));
})();
