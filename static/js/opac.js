/* Comfort only: every page works without it. */
import { guardForms } from "./submit.js";
import { focusErrors } from "./focus.js";

guardForms();
focusErrors();
