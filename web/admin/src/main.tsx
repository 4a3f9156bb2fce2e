import { render } from 'preact';
import { App } from './app.tsx';
import { followLocation } from './route/route.ts';

followLocation();
render(<App />, document.querySelector('#console') as HTMLElement);
