/* Keeps what is typed on a phone in the phone itself (this tab alone), so that a reload or another step of the session loses
   nothing, and tells the page whether somebody is in the middle of something. It sends no words anywhere.
   A field is known by its label and the step that it was typed in. What a field was drawn with is not typed: it does not count.
   A page may draw a field anew and blank while nobody touched it: what was typed is put back then, unless it was just sent, whatever
   is typed elsewhere meanwhile. */

const LOOK = 500;
const LOST = 2000;
const APART = 50;
const FIELDS = "textarea, input[type=text]";
const drawn = new Map();
const sent = new Set();
let handled = new WeakSet();
let step = "";
let touched = false;
let told = null;
let heard = false;
let turn = 0;
let since = 0;
let timer = null;
let tell = () => {};

const main = () => document.querySelector("[data-testid=stMain]") || document.body;
const place = () => "typed:" + location.pathname + ":" + (new URLSearchParams(location.search).get("session") || "");

function fields() {
  const count = {};
  return [...main().querySelectorAll(FIELDS)]
    .filter((one) => !one.closest("[data-testid=stSelectbox], [data-testid=stMultiSelect]") && one.type !== "password")
    .map((one) => {
      const label = one.getAttribute("aria-label") || "";
      count[label] = (count[label] || 0) + 1;
      return [step + "|" + label + "|" + count[label], one];
    });
}

function put(one, text) {
  const kind = one.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(one, text);
  one.dispatchEvent(new Event("input", { bubbles: true }));
  // The page takes a text over when its field is left.
  setTimeout(() => one !== document.activeElement && one.dispatchEvent(new FocusEvent("focusout", { bubbles: true })), 100);
}

function look() {
  const kept = JSON.parse(sessionStorage.getItem(place()) || "{}");
  let some = touched;
  for (const [name, one] of fields()) {
    const ours = handled.has(one) || kept[name] === one.value;
    const lost = Boolean(kept[name]) && !ours && !sent.has(name);
    if (lost) put(one, kept[name]);
    else if (!ours) drawn.set(name, one.value);
    const typed = Boolean(one.value) && one.value !== (drawn.get(name) || "");
    if (typed) kept[name] = one.value;
    else {
      delete kept[name];
      sent.delete(name);
    }
    some = some || typed || one === document.activeElement;
  }
  sessionStorage.setItem(place(), JSON.stringify(kept));
  // What was told while the page was being drawn may be lost: it is told again until the page says that it heard.
  if (some !== told || (some !== heard && Date.now() - since > LOST)) {
    told = some;
    since = Date.now();
    turn += 1;
    tell(some ? turn : -turn);
  }
}

function send() {
  for (const [name, one] of fields()) if (one.value) sent.add(name);
}

function onInput(event) {
  if (!event.isTrusted || !event.target.closest || !event.target.closest("[data-testid=stMain]")) return;
  handled.add(event.target);
  touched = true;
  for (const [name, one] of fields()) if (one === event.target) sent.delete(name);
}

function onClick(event) {
  const button = event.target.closest && event.target.closest("button");
  if (!button) return;
  if (button.getAttribute("role") === "radio") {
    touched = true;
    return;
  }
  // What the page has to tell the server in one moment goes to one part of it: a press must not be taken along with what we tell.
  if (Date.now() - since < APART) {
    event.stopImmediatePropagation();
    event.preventDefault();
    setTimeout(() => button.click(), APART);
    return;
  }
  send();
  if (/primary/i.test(button.getAttribute("kind") || "")) touched = false;
}

function onKey(event) {
  const one = event.target;
  const sends = event.key === "Enter" && (one.tagName === "INPUT" || event.ctrlKey || event.metaKey);
  if (!sends || !one.closest("[data-testid=stForm]")) return;
  send();
  touched = false;
}

export default function (component) {
  const now = String((component.data && component.data.step) || "");
  heard = Boolean(component.data && component.data.typing);
  tell = (number) => component.setStateValue("typing", number);
  if (now !== step) {
    step = now;
    drawn.clear();
    handled = new WeakSet();
    sent.clear();
    touched = false;
    told = null;
  }
  if (!timer) {
    document.addEventListener("input", onInput, true);
    document.addEventListener("click", onClick, true);
    document.addEventListener("keydown", onKey, true);
    timer = setInterval(look, LOOK);
  }
  look();
}
