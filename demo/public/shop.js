const { gate, foreign, pageToken: token } = document.currentScript.dataset;
const outcome = document.querySelector('#outcome');
const frame = document.querySelector('#foreign');

const tell = (said, status, { code = 'ok', message = '' }) => {
  const line = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  outcome.replaceChildren(line('b', `${status} ${code}`), line('span', message), line('code', said));
};

const call = async (withToken) => {
  const answer = await fetch(`${gate}/api/widget/search?q=mug`, { headers: { 'X-Widget-Token': withToken } });
  const body = await answer.json();
  const message = answer.ok ? `${body.results.length} result` : body.message;
  tell('GET /api/widget/search?q=mug with X-Widget-Token, from this page', answer.status, { ...body, message });
};

const tampered = () => `${token[0] === 'c' ? 'd' : 'c'}${token.slice(1)}`;
const askServer = async (path) => (await fetch(path)).json();

const experiments = {
  good: () => call(token),
  tampered: () => call(tampered()),
  expired: async () => call((await askServer('/try/expired')).token),
  revoked: async () => {
    const { status, body } = await askServer('/try/revoked');
    tell("POST /api/shops/…/widget-token with the old key, from the shop's server", status, body);
  },
  foreign: () => {
    frame.hidden = false;
    outcome.replaceChildren();
    frame.src = `${foreign}/foreign#${encodeURIComponent(token)}`;
  },
};

for (const button of document.querySelectorAll('[data-try]')) {
  button.addEventListener('click', async () => {
    frame.hidden = true;
    await experiments[button.dataset.try]();
  });
}
