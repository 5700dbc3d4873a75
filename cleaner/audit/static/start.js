const PAGES = { audit: auditPage };
const DATA = JSON.parse(document.getElementById("data").textContent);
document.getElementById("page").append(...PAGES[DATA.view](DATA).filter(Boolean));
document.title = document.querySelector("h1").textContent;
if (location.hash.startsWith("#samples?")) jump("samples");
