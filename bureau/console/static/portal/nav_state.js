// Runs before the first paint, so that a closed navigation does not flash open. Keeps nothing personal.
try {
    if (localStorage.getItem("portal.nav") === "closed") document.documentElement.dataset.nav = "closed";
} catch { /* storage may be forbidden; the navigation then starts open */ }
