// The manners of every page: "/" goes to the search box, the navigation folds, a running request shows itself,
// a form that must be sent once is sent once.

const root = document.documentElement;
const search = document.querySelector("#portal-search");
const navButton = document.querySelector("#nav-toggle");

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!search || isTyping(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
});

if (navButton) {
    const show = () => navButton.setAttribute("aria-expanded", String(root.dataset.nav !== "closed"));
    show();
    navButton.addEventListener("click", () => {
        const closed = root.dataset.nav !== "closed";
        if (closed) root.dataset.nav = "closed";
        else delete root.dataset.nav;
        try { localStorage.setItem("portal.nav", closed ? "closed" : "open"); } catch { /* see nav_state.js */ }
        show();
    });
}

document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.hasAttribute("data-once")) {
        if (form.dataset.sent) { event.preventDefault(); return; }
        form.dataset.sent = "yes";
    }
    if (!form.hasAttribute("data-download")) root.dataset.busy = "yes";
});

window.addEventListener("pageshow", () => {
    delete root.dataset.busy;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.querySelector(".error-summary")?.focus();

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
