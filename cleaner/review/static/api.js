// Speaks to the server. Every answer is JSON; an error has one line that can be shown.

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(`api/${path}`, { ...options, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Error("The server does not answer. Start cleaner review again and open the address that it prints; nothing that was judged is lost.");
  }
  if (response.status === 403) {
    throw new Error("This page is no longer valid. Open the address that cleaner review printed last; nothing that was judged is lost.");
  }
  const content = await response.json();
  if (!response.ok) throw new Error(content.error ?? `The server answered ${response.status}.`);
  return content;
}

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();

export const get = (name, values = {}) => ask(`${name}?${query(values)}`);

export const post = (name, content = {}) =>
  ask(name, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
