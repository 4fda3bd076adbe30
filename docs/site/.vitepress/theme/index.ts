// The default theme with the reader's own fonts: nothing is loaded from elsewhere, and a page has no font to wait for.
import theme from 'vitepress/theme-without-fonts';
import { liveFigures } from './figures.ts';
import './figures.css';
import './style.css';

export default { extends: theme, setup: liveFigures };
