/* Comfort only: every page works without it. */
import { guardForms } from "./submit.js";
import { focusErrors } from "./focus.js";
import { suggestWhileTyping } from "./suggest.js";
import { dropCardOnLogout } from "./card-store.js";
import { dragRows } from "./reorder.js";

guardForms();
focusErrors();
suggestWhileTyping();
dropCardOnLogout();
dragRows();
