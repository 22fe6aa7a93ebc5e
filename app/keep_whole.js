/* Loads a page again that stayed half drawn. Under load the server may drop the end of a drawing when a look for news comes in the
   very moment in which it ends; a big screen has nobody beside it who would reload it, and a page without its buttons helps nobody.
   Each drawing has a number, told here at its beginning and written into the page at its end: where the two differ although nothing
   runs, and nobody has typed for a while, the page is loaded again. A page that does not have this in it is left alone. */

const LOOK = 1000;
const LONG = 4000;
const REST = 20000;
const AGAIN = "whole:again";
let number = "";
let since = 0;
let typed = 0;
let timer = null;

function look() {
  const app = document.querySelector("[data-testid=stApp]");
  const end = document.querySelector("[data-whole]");
  const mine = document.querySelector(".st-key-keep-whole");
  const idle = app && app.getAttribute("data-test-script-state") === "notRunning";
  if (!mine || !number || !idle || (end && end.dataset.whole === number)) {
    since = 0;
    return;
  }
  since = since || Date.now();
  const rested = Date.now() - Number(sessionStorage.getItem(AGAIN) || 0) > REST;
  if (Date.now() - since < LONG || Date.now() - typed < REST || !rested) return;
  sessionStorage.setItem(AGAIN, String(Date.now()));
  // Only a server that answers: where it is away, the page that stands is better than none.
  fetch(new URL("_stcore/health", location.href)).then((said) => said.ok && location.reload(), () => {});
}

export default function (component) {
  number = String((component.data && component.data.number) || "");
  if (timer) return;
  document.addEventListener("input", (event) => event.isTrusted && (typed = Date.now()), true);
  timer = setInterval(look, LOOK);
}
