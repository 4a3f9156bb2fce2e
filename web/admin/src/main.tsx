import { render } from 'preact';

render(<h1>Widget Gate</h1>, document.querySelector('#console') as HTMLElement);
