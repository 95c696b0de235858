/** The sign-in page's own script: asks the server and shows what it answers, as text only. */

const INVITE = /^#(mdi1[\w-]{43})$/;
const texts = document.body.dataset;
let csrf = "";

function part(id) {
  return document.getElementById(id);
}

function show(id) {
  for (const each of ["sign-in", "accept", "recovery", "home"]) part(each).hidden = each !== id;
}

function tell(text) {
  part("message").textContent = text;
  part("message").hidden = text === "";
}

/** What the server answers, or null after its refusal was told. */
async function ask(method, address, body, isQuiet = false) {
  const headers = { "x-midan-csrf": csrf, "accept-language": document.documentElement.lang };
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
    const told = answer.status === 204 ? {} : await answer.json();
    if (answer.ok) {
      tell("");
      return told;
    }
    if (!isQuiet) tell([told.title, told.detail].filter(Boolean).join(" · "));
  } catch {
    if (!isQuiet) tell(texts.failed);
  }
  return null;
}

function row(words, act) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  text.textContent = words;
  item.append(text);
  if (act !== null) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = texts.end;
    button.setAttribute("aria-label", `${texts.end} ${words}`);
    button.addEventListener("click", act);
    item.append(button);
  }
  return item;
}

function sessionRow({ id, begunAt, own }) {
  const when = new Date(begunAt).toLocaleString(document.documentElement.lang);
  const end = async () => {
    if ((await ask("DELETE", `/v1/sessions/${id}`)) !== null) await showHome();
  };
  return own ? row(`${when} · ${texts.own}`, null) : row(when, end);
}

function deviceRow({ id, name, approvedAt, revokedAt, own }) {
  const state = revokedAt ? texts.revoked : approvedAt ? texts.approved : texts.waiting;
  const end = async () => {
    if ((await ask("POST", `/v1/devices/${id}/revoke`)) !== null) await showHome();
  };
  return row(`${name} · ${state}`, own && !revokedAt ? end : null);
}

async function showHome() {
  const who = await ask("GET", "/v1/session", undefined, true);
  if (who === null) {
    show("sign-in");
    part("name").focus();
    return;
  }
  csrf = who.csrf;
  part("who").textContent = who.name;
  const { sessions = [] } = (await ask("GET", "/v1/sessions")) ?? {};
  const { devices = [] } = (await ask("GET", "/v1/devices")) ?? {};
  part("sessions").replaceChildren(...sessions.map(sessionRow));
  const rows = devices.length > 0 ? devices.map(deviceRow) : [row(texts.none, null)];
  part("devices").replaceChildren(...rows);
  show("home");
}

async function showInvite(invite) {
  const opened = await ask("POST", "/v1/invitation", { invite });
  if (opened === null) {
    show("sign-in");
    return;
  }
  part("accept-name").textContent = opened.name;
  part("accept-user").value = opened.name;
  part("secret").textContent = opened.secret.replaceAll(/(.{4})/g, "$1 ").trim();
  part("link").href = opened.link;
  show("accept");
  part("fresh").focus();
}

part("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, password, code } = Object.fromEntries(new FormData(event.target));
  const entered = await ask("POST", "/v1/session", { name, password, code: code.trim() || null });
  part("password").value = "";
  part("code").value = "";
  if (entered !== null) await showHome();
  else part("password").focus();
});

part("accept").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [, invite] = INVITE.exec(location.hash) ?? [];
  const { fresh: password, code } = Object.fromEntries(new FormData(event.target));
  const made = await ask("POST", "/v1/invitation/accept", { invite, password, code });
  if (made === null) return;
  // The link is used up; nothing of it stays in the history.
  history.replaceState(null, "", "/");
  part("fresh").value = "";
  csrf = made.csrf;
  part("codes").replaceChildren(...made.recoveryCodes.map((code) => row(code, null)));
  show("recovery");
  part("saved").focus();
});

part("saved").addEventListener("click", async () => {
  part("codes").replaceChildren();
  await showHome();
});

part("sign-out").addEventListener("click", async () => {
  await ask("DELETE", "/v1/session");
  csrf = "";
  await showHome();
});

async function begin() {
  const [, invite] = INVITE.exec(location.hash) ?? [];
  if (invite === undefined) await showHome();
  else await showInvite(invite);
}

window.addEventListener("hashchange", begin);
await begin();
