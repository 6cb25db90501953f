/* Drag a title of the basket or of a shelf to its place; the arrows beside it do the same by key, touch and without a script. */
export function dragRows() {
  const form = document.querySelector("form[data-moves]");
  if (!form) return;
  const marks = [...document.querySelectorAll("[data-move]")];
  let held = -1;
  marks.forEach((mark, index) => {
    const row = mark.closest("li");
    row.draggable = true;
    row.addEventListener("dragstart", () => { held = index; });
    row.addEventListener("dragend", () => { held = -1; });
    row.addEventListener("dragover", (event) => {
      if (held >= 0) event.preventDefault();
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (held >= 0 && held !== index) send(form, marks[held].dataset.move, index - held);
    });
  });
}

function send(form, address, steps) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "steps";
  field.value = steps;
  form.append(field);
  form.action = address;
  form.requestSubmit();
}
