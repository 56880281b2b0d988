// Asks the checks while a draft is being typed, links a finding to its line, and warns before typed work is left behind.
// Without it everything works through the button that saves.

const PAUSE = 500;
const form = document.querySelector("form[data-check]");
const state = document.querySelector("[data-check-state]");
const text = form.querySelector("#text");
let timer;
let asking;
let isTyped = false;

const changed = (input) => input.value.trim() !== input.dataset.was;

async function ask() {
    asking?.abort();
    asking = new AbortController();
    state.dataset.checkState = "busy";
    try {
        const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), credentials: "same-origin", signal: asking.signal });
        if (answer.ok && !answer.redirected) {
            const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-report]");
            if (fresh) document.querySelector("[data-report]").replaceWith(fresh);
        }
    } catch (error) {
        if (error.name === "AbortError") return;
    }
    state.dataset.checkState = "";
    mark();
}

// Inputs on lines with a finding.
function mark() {
    const lines = new Set([...document.querySelectorAll("[data-report] [data-line]")].map((link) => link.dataset.line));
    for (const input of form.querySelectorAll(".literal")) {
        if (changed(input) && lines.has(input.dataset.lineOf)) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
    }
}

function select(line) {
    const before = text.value.split("\n").slice(0, line - 1).join("\n");
    const start = before.length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", start);
    text.focus();
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (line - 6) * 20);
}

form.addEventListener("input", (event) => {
    isTyped = true;
    if (event.target.matches(".literal")) event.target.classList.toggle("is-changed", changed(event.target));
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
});

document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    if (text) {
        event.preventDefault();
        select(Number(link.dataset.line));
        return;
    }
    const input = form.querySelector(`[data-line-of="${link.dataset.line}"]`);
    if (input) { event.preventDefault(); input.focus(); }
});

form.addEventListener("submit", () => { isTyped = false; });
window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });

for (const input of form.querySelectorAll(".literal")) input.classList.toggle("is-changed", changed(input));
const asked = /^#line-(\d+)$/.exec(location.hash);
if (text && asked) select(Number(asked[1]));
