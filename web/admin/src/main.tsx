import { render } from 'preact';
import { App } from './app.tsx';
import { followLocation } from './route/location.ts';

followLocation();
render(<App />, document.querySelector('#console') as HTMLElement);
