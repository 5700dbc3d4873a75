const PAGES = { audit: auditPage, diff: diffPage, explain: explainPage };
const DATA = JSON.parse(document.getElementById("data").textContent);
document.getElementById("page").append(...PAGES[DATA.view](DATA).filter(Boolean));
document.title = `${document.querySelector("h1").textContent} – cleaner ${DATA.view}`;
if (location.hash.startsWith("#samples?")) jump("samples");
