// Keeps a block fresh while something runs: <div data-live="/url/" data-live-every="2000">. The server sends the same
// block again as HTML; when it comes without data-live the work is over and the asking stops. With data-live-every="0" the
// block is fetched at once: something long below a page that is to stand quickly.

const every = (block) => Math.max(Number(block.dataset.liveEvery) || 2000, 1000);

async function refresh(block) {
    if (document.hidden) return plan(block);
    let answer;
    try {
        answer = await fetch(block.dataset.live, { headers: { "X-Requested-With": "live" }, credentials: "same-origin" });
    } catch {
        return plan(block);
    }
    if (!answer.ok || answer.redirected) return undefined;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = parsed.querySelector("[data-live-block]");
    if (!fresh) return undefined;
    if (block.contains(document.activeElement)) return plan(block);
    block.replaceWith(fresh);
    return fresh.dataset.live ? plan(fresh) : undefined;
}

function plan(block) {
    setTimeout(() => refresh(block), every(block));
}

for (const block of document.querySelectorAll("[data-live]")) {
    if (block.dataset.liveEvery === "0") refresh(block);
    else plan(block);
}
