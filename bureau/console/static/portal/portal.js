// The manners of every page: "/" goes to the search box, the navigation folds, a running request shows itself,
// a form that must be sent once is sent once, a page whose session is over is emptied.

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

// A page that was left open shows nobody anything once its session is over, or once nobody can be asked whether it is.
const watched = document.querySelector("[data-alive]");

async function look() {
    let alive = false;
    try {
        const answer = await fetch(watched.dataset.alive, { headers: { "X-Requested-With": "live" }, redirect: "manual" });
        alive = answer.ok;
    } catch { /* no answer: over */ }
    if (alive) setTimeout(look, 60_000);
    else empty();
}

function empty() {
    const card = document.createElement("p");
    card.className = "card card__body";
    const link = document.createElement("a");
    link.href = "/login/";
    link.className = "button button--main";
    link.textContent = "重新登录";
    card.append("登录已结束，页面内容已清除。 ", link);
    document.title = "登录已结束";
    document.body.replaceChildren(card);
}

if (watched) {
    setTimeout(look, (Number(watched.dataset.idle) + 5) * 1000);
    // Brought back by the browser's "back", as it was.
    window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
}
